#pragma once
/// The command set of a DIMSE message (PS3.7, 6.3 and annex E): a handful of elements, always implicit little endian.
/// Pure: bytes in, values out, and back.
#include <string>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"

namespace larmor::dimse {

enum class Field : std::uint16_t {
  store_request = 0x0001,
  store_response = 0x8001,
  get_request = 0x0010,
  get_response = 0x8010,
  find_request = 0x0020,
  find_response = 0x8020,
  move_request = 0x0021,
  move_response = 0x8021,
  echo_request = 0x0030,
  echo_response = 0x8030,
  event_request = 0x0100,
  event_response = 0x8100,
  action_request = 0x0130,
  action_response = 0x8130,
  cancel_request = 0x0FFF,
};

struct Command {
  Field field{};
  std::uint16_t message = 0;  ///< Message ID, or the one being responded to
  SopClassUid sop_class;      ///< affected or requested, this and the next
  SopUid instance;
  bool data_set = false;     ///< one follows
  std::uint16_t status = 0;  ///< of responses
  std::string comment;       ///< Error Comment of a failure, at most 64 characters
  AeTitle destination;       ///< of a C-MOVE
  std::uint16_t type = 0;    ///< of an event or an action (PS3.7, 10.1.1 and 10.1.4)
  /// Sub-operations of a C-MOVE or C-GET, of responses (PS3.7, 9.3.3.2 and 9.3.4.2); 0 where it does not say.
  std::uint16_t completed = 0, failed = 0, warned = 0;
  std::uint16_t remaining = 0;  ///< written in pending and cancelled answers only

  /// With the comment in the shape that it may have (LO, PS3.7 C).
  void refuse(std::uint16_t with, std::string_view why);
};

inline constexpr bool is_response(Field f) {
  return (static_cast<std::uint16_t>(f) & 0x8000) != 0;
}
inline constexpr Field response_to(Field request) {
  return static_cast<Field>(static_cast<std::uint16_t>(request) | 0x8000);
}
/// PS3.7, annex C: FF00 and FF01 announce more.
inline constexpr bool is_pending(std::uint16_t status) {
  return status == 0xFF00 || status == 0xFF01;
}
inline constexpr bool is_success(std::uint16_t status) {
  return status == 0 || (status & 0xF000) == 0xB000;  // B000: success with a warning
}

std::string encode(const Command&);
/// `invalid` when an element runs over the end, or the fields that every command has are absent.
Result<Command> decode(Bytes);

}  // namespace larmor::dimse
