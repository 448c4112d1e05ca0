#include "dicom/dimse/retrieval.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include "dicom/codec/written.h"

namespace larmor::dimse {
namespace {

/// PS3.4 tables C.4-2 and C.4-3.
constexpr std::uint16_t kNoneSent = 0xA702, kSomeFailed = 0xB000;
constexpr auto kBetweenWords = 1s;
constexpr std::array<dicom::Tag, 4> kUnique = {0x00100020, 0x0020000D, 0x0020000E, 0x00080018};
/// Of the list of what failed: explicit VR has 16 bits for the length of a UI (PS3.5 7.1.2). The counts are complete.
constexpr std::size_t kLongestList = 65'534;

std::uint16_t bounded(std::size_t count) {
  return static_cast<std::uint16_t>(std::min<std::size_t>(count, 0xFFFF));
}

/// Failed SOP Instance UID List (0008,0058) as a data set; empty where nothing failed.
std::string list_of(std::span<const SopUid> failed, const TransferSyntaxUid& syntax) {
  std::string list;
  for (const auto& uid : failed) {
    if (list.size() + 1 + uid.str().size() > kLongestList) break;
    list += (list.empty() ? "" : "\\") + uid.str();
  }
  DcmDataset data;
  if (list.empty() || data.putAndInsertString(DCM_FailedSOPInstanceUIDList, list.c_str()).bad()) return {};
  return dicom::written(data, DcmXfer(syntax.str().c_str()).getXfer()).value_or("");
}

}  // namespace

Result<std::unique_ptr<Objects>> collect_for(const Asked& asked, const Collect& collect) {
  const auto named = [&](dicom::Tag tag) {
    const auto* key = dicom::key_of(asked.query, tag);
    return key && !key->value.empty() && key->value.find_first_of("*?") == std::string::npos;
  };
  if (std::none_of(kUnique.begin(), kUnique.end(), named))
    return fail_with(
        {Code::invalid, "the identifier names no patient, study, series or instance", "", "StudyInstanceUID"});
  return collect(asked.query);
}

Command Retrieval::counted(std::uint16_t status, std::size_t completed, std::size_t failed) const {
  auto answer = inquiry_.answer(status);
  answer.completed = bounded(completed);
  answer.failed = bounded(failed);
  answer.remaining = bounded(sent_.size() - completed - failed);
  return answer;
}

bool Retrieval::go_on(const Delivery& so_far) {
  if (so_far.refused.size() > failed_.size())
    failed_.push_back(so_far.refused.back().instance);
  else if (current_ > 0)
    sent_[current_ - 1] = true;
  current_ = objects_.given();
  completed_ = static_cast<std::size_t>(so_far.sent);
  if (inquiry_.cancelled()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (completed_ + failed_.size() == 0 || now - told_ < kBetweenWords) return true;
  told_ = now;
  return inquiry_.say(counted(kPending, completed_, failed_.size())).has_value();
}

LastWord Retrieval::last(Command answer, std::span<const SopUid> failed) const {
  return {std::move(answer), list_of(failed, inquiry_.line().transfer_syntax)};
}

/// As many as the list of them can hold.
std::vector<SopUid> Retrieval::not_sent() {
  std::vector<SopUid> list;
  std::size_t size = 0;
  objects_.begin_anew();
  for (auto next = objects_.next(); next && *next && size <= kLongestList; next = objects_.next()) {
    if (sent_[objects_.given() - 1]) continue;
    list.push_back((*next)->instance);
    size += list.back().str().size() + 1;
  }
  return list;
}

LastWord Retrieval::ended(const Result<Delivery>& delivery) {
  if (delivery) {
    std::vector<SopUid> failed;
    for (const auto& refused : delivery->refused) failed.push_back(refused.instance);
    const auto sent = static_cast<std::size_t>(delivery->sent);
    const auto status = failed.empty() ? kSuccess : sent > 0 ? kSomeFailed : kNoneSent;
    auto answer = counted(status, sent, failed.size());
    if (!failed.empty()) answer.refuse(status, delivery->refused.front().why.what);
    return last(std::move(answer), failed);
  }
  const auto& why = delivery.error();
  if (why.code == Code::cancelled) return last(counted(kCancelled, completed_, failed_.size()), failed_);
  const auto status = completed_ > 0 ? kSomeFailed : row(why.code).dimse;
  auto answer = counted(status, completed_, sent_.size() - completed_);
  answer.refuse(status, why.what);
  return last(std::move(answer), not_sent());
}

}  // namespace larmor::dimse
