#include "dicom/dimse/find_scp.h"

#include <set>

#include "dicom/query/model.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kMostPatients = 100'000;

std::string patient_of(const Json& set) {
  std::string patient;
  for (const auto* tag : {"00100020", "00100010"})
    if (const auto found = set.find(tag); found != set.end()) patient += dicom::text_of(*found) + "\n";
  return patient;
}

Result<void> say_found(Inquiry& inquiry, const Asked& asked, const Json& set) {
  const auto& line = inquiry.line();
  const auto bytes = TRY(write_answer(asked, set, line.title, line.transfer_syntax));
  return inquiry.say(inquiry.answer(asked.left_out ? kPendingLeftOut : kPending), bytes);
}

/// The final status; an error where a wire broke, or where the question could not be answered.
Result<std::uint16_t> say_all(Inquiry& inquiry, Asked asked, const Find& find) {
  std::set<std::string> patients;
  if (asked.patients) asked.query.include.insert(asked.query.include.end(), {0x00100010, 0x00100020});
  for (;;) {
    const auto page = TRY(find(asked.query));
    for (const auto& text : page.items) {
      if (inquiry.cancelled()) return kCancelled;
      const auto set = TRY(parse_json(text));
      if (asked.patients && !patients.insert(patient_of(set)).second) continue;
      if (patients.size() > kMostPatients) return fail(Code::too_large, "more than {} patients match", kMostPatients);
      CHECK_OK(say_found(inquiry, asked, set));
    }
    if (page.next.empty()) return kSuccess;
    asked.query.after = page.next;
  }
}

}  // namespace

bool answer_find(Inquiry& inquiry, const Find& find) {
  return inquiry.answer_with([&](Asked asked) -> Result<LastWord> {
    return LastWord{inquiry.answer(TRY(say_all(inquiry, std::move(asked), find))), {}};
  });
}

}  // namespace larmor::dimse
