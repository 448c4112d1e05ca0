#pragma once
/// One question of a caller while it is answered: what C-FIND, C-MOVE and C-GET have in common. Internal to
/// dicom/dimse.
#include "dicom/dimse/exchange.h"
#include "dicom/dimse/find_identifier.h"
#include "dicom/dimse/offered.h"

namespace larmor::dimse {

/// PS3.7 annex C, PS3.4 tables C.4-1 to C.4-3.
inline constexpr std::uint16_t kSuccess = 0, kPending = 0xFF00, kPendingLeftOut = 0xFF01, kCancelled = 0xFE00;

/// Where the question came in, and how its answers go out.
struct Line {
  T_ASC_Association& association;
  Wire& wire;
  Context context;
  TransferSyntaxUid transfer_syntax;
  AeTitle title;  ///< ours
};

/// The final answer. `data_set`: its identifier, empty for none.
struct LastWord {
  Command command;
  std::string data_set;
};

class Inquiry {
 public:
  Inquiry(const Line& line, const Command& request, const Offered& service)
      : line_(line), request_(request), service_(service) {}

  const Line& line() const { return line_; }
  const Command& request() const { return request_; }

  /// Reads the question, has it worked at, and sends the last word: what `work` gives, or its Error as status and
  /// comment. False when the conversation cannot go on.
  bool answer_with(const std::function<Result<LastWord>(Asked)>& work);

  Command answer(std::uint16_t status) const;
  /// Sends an answer, with a data set where there is one.
  Result<void> say(Command, std::string_view data_set = {});
  /// Has the caller said that it has enough? Anything else in mid-answer is against the rules, and ends the
  /// conversation.
  bool cancelled();
  /// The conversation cannot go on: nothing more is sent.
  void give_up() { broken_ = true; }
  bool broken() const { return broken_; }

 private:
  const Line& line_;
  const Command& request_;
  const Offered& service_;
  bool broken_ = false;
};

}  // namespace larmor::dimse
