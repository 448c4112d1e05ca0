#include "net/body.h"

#include <cstring>

namespace larmor::net {

MutableBytes Inbox::room(std::size_t capacity) {
  if (begin_ > 0) {
    if (begin_ < end_) std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (bytes_.size() < capacity) bytes_.resize(capacity);
  return MutableBytes(bytes_).first(std::max(capacity, end_)).subspan(end_);
}

void Inbox::rest() {
  if (begin_ == end_ && bytes_.size() > kSmall) bytes_ = {};
  if (begin_ == end_) begin_ = end_ = 0;
}

Result<std::size_t> fill(ByteSource& source, MutableBytes into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto n = TRY(source.read(into.subspan(done)));
    if (n == 0) break;
    done += n;
  }
  return done;
}

MessageBody::MessageBody(MessageReader reader, Inbox& inbox, Channel& channel,
                         std::function<Result<void>()> before_waiting)
    : reader_(std::move(reader)), inbox_(&inbox), channel_(&channel), before_waiting_(std::move(before_waiting)) {
  const auto& head = reader_.head();
  if (!head.chunked && head.length && !reader_.done()) left_ = head.length;
  done_ = reader_.done() || left_ == 0u;
}

Failure MessageBody::cut_off() const {
  const auto total = left_ ? fmt::format(" of {}", seen_ + *left_) : std::string();
  return fail(Code::unavailable, "the sender went away after {}{} bytes of the body", seen_, total);
}

Result<std::size_t> MessageBody::wait(MutableBytes into) {
  if (before_waiting_) {
    CHECK_OK(std::exchange(before_waiting_, nullptr)());
  }
  return channel_->read_some(into);
}

Result<std::size_t> MessageBody::read(MutableBytes into) {
  if (failed_) return fail_with(*failed_);
  if (done_ || into.empty()) return 0;
  auto n = left_ ? read_sized(into) : read_framed(into);
  if (!n)
    failed_ = n.error();
  else
    seen_ += *n;
  return n;
}

Result<std::size_t> MessageBody::read_sized(MutableBytes into) {
  into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), *left_)));
  std::size_t n = 0;
  if (inbox_->ready().empty() && into.size() >= Inbox::kLarge) {
    n = TRY(wait(into));  // large reads go straight into the reader's memory
    if (n == 0) return cut_off();
  } else {
    if (inbox_->ready().empty()) {
      const auto got = TRY(wait(inbox_->room(Inbox::kLarge)));
      if (got == 0) return cut_off();
      inbox_->added(got);
    }
    const auto ready = inbox_->ready();
    n = std::min(into.size(), ready.size());
    std::memcpy(into.data(), ready.data(), n);
    inbox_->consume(n);
  }
  *left_ -= n;
  done_ = *left_ == 0;
  return n;
}

Result<std::size_t> MessageBody::read_framed(MutableBytes into) {
  for (;;) {
    const auto step = reader_.read_body(inbox_->ready(), into);
    inbox_->consume(step.consumed);
    if (const auto& refused = reader_.refusal())
      return fail(refused->status == 413 ? Code::too_large : Code::invalid, "{}", refused->what);
    done_ = reader_.done();
    if (step.produced > 0 || done_) return step.produced;
    const auto room = inbox_->room(Inbox::kLarge);
    if (room.empty()) return fail(Code::invalid, "a chunk's header is too long");
    const auto got = TRY(wait(room));
    if (got == 0) {
      if (!reader_.end_of_input()) return cut_off();
      done_ = true;
      return 0;
    }
    inbox_->added(got);
  }
}

void MessageBody::skip_ready() {
  std::array<std::byte, 4096> scratch;
  while (!done_ && !failed_ && !inbox_->ready().empty()) {
    if (left_) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(inbox_->ready().size(), *left_));
      inbox_->consume(n);
      *left_ -= n;
      done_ = *left_ == 0;
      continue;
    }
    const auto step = reader_.read_body(inbox_->ready(), scratch);
    inbox_->consume(step.consumed);
    done_ = reader_.done();
    if (reader_.refusal() || (step.consumed == 0 && step.produced == 0)) return;
  }
}

void MessageBody::close() {
  if (!done_ && !failed_)
    failed_ = Error{Code::cancelled, "the request is over: its body can no longer be read", {}, {}};
  inbox_ = nullptr;
  channel_ = nullptr;
  before_waiting_ = nullptr;
}

}  // namespace larmor::net
