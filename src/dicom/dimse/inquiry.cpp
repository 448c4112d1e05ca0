#include "dicom/dimse/inquiry.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargestQuestion = 1 << 20;
constexpr std::uint16_t kCannotProcess = 0xC001;

}  // namespace

Command Inquiry::answer(std::uint16_t status) const {
  Command answer{response_to(request_.field), request_.message, request_.sop_class};
  answer.status = status;
  return answer;
}

Result<void> Inquiry::say(Command answer, std::string_view data_set) {
  answer.data_set = !data_set.empty();
  auto sent = send_command(line_.association, line_.wire, line_.context, answer);
  if (sent && answer.data_set) {
    MemorySource source(as_bytes(data_set));
    sent = send_data(line_.association, line_.wire, line_.context, source);
  }
  if (!sent) give_up();
  return sent;
}

bool Inquiry::cancelled() {
  if (!message_waits(line_.association, line_.wire, 0s)) return false;
  const auto received = receive_command(line_.association, line_.wire);
  if (!received.message || received.message->command.field != Field::cancel_request) give_up();
  return true;
}

bool Inquiry::answer_with(const std::function<Result<LastWord>(Asked)>& work) {
  PdvSource data(line_.association, line_.wire, line_.context);
  auto identifier = read_all(data, kLargestQuestion);
  if (!data.drain()) return false;
  auto last = [&]() -> Result<LastWord> {
    return work(TRY(read_question(TRY(std::move(identifier)), line_.transfer_syntax, service_.patients)));
  }();
  if (broken_) return false;
  if (!last) {
    const auto& why = last.error();
    auto refused = answer(0);
    refused.refuse(why.code == Code::unsupported ? kCannotProcess : row(why.code).dimse, why.what);
    last = LastWord{std::move(refused), {}};
  }
  return say(last->command, last->data_set).has_value();
}

}  // namespace larmor::dimse
