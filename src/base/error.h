#pragma once
/// One kind of error for the whole program: what went wrong, what was tried on what, and what the reader can do.
///
/// The table in error.cpp maps each code to its HTTP status, its DIMSE status, whether a retry can help, and how loud
/// it is.
#include <cstdint>
#include <string>
#include <string_view>

namespace larmor {

enum class Code {
  invalid,          ///< the input is wrong; `field` names where (a JSON pointer, a setting, a DICOM keyword)
  unsupported,      ///< understood, but Larmor does not do that
  not_found,        ///< no such thing
  conflict,         ///< the thing exists with other content, or a lease was lost
  precondition,     ///< an If-Match or a version did not hold
  unauthenticated,  ///< the caller did not say who it is
  forbidden,        ///< the caller may not do that
  too_large,        ///< beyond a documented bound
  out_of_space,     ///< no room to keep it safely
  unavailable,      ///< a peer, a store or a device is away; try again
  timed_out,        ///< the deadline passed; try again
  cancelled,        ///< the caller or the operator stopped it
  corrupt,          ///< stored or received bytes are damaged
  internal,         ///< a defect of Larmor
};

enum class Severity { notice, warning, error };

struct CodeRow {
  Code code;
  std::string_view name;
  int http;             ///< RFC 9110
  std::uint16_t dimse;  ///< PS3.7 Annex C, PS3.4 Annex B
  bool retryable;
  Severity severity;
};

/// The table row of a code.
const CodeRow& row(Code);
/// The code with that name, or `internal` if there is none (an unknown peer's word is not trusted further).
Code code_from_name(std::string_view);

struct Error {
  Code code = Code::internal;
  std::string what;   ///< one sentence: what was tried, on what, and why it failed
  std::string hint;   ///< what the reader can do; may be empty
  std::string field;  ///< what the error is about: JSON pointer, setting name, DICOM keyword; may be empty
};

/// "what. hint" on one line, for terminals and logs.
std::string to_string(const Error&);

}  // namespace larmor
