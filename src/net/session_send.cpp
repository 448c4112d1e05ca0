/// How a session sends its answers: whole, as a stream, from a file, or as events.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>

#include "base/log.h"
#include "net/session.h"

namespace larmor::net {
namespace {

constexpr auto kKeepAlive = 15s;  ///< of event streams: proxies cut what is silent for 30 to 60 s

std::string http_date() {
  const auto now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

std::string chunk_of(std::string_view text) {
  return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

}  // namespace

void Session::write_head(Exchange& now) {
  auto& response = now.response;
  auto& headers = response.headers;
  for (const auto* ours : {"content-length", "transfer-encoding", "connection", "date"}) headers.erase(ours);
  if (response.events) {
    now.keep_alive = false;
    now.chunked = !now.http_1_0;
    headers.erase("content-type");
    headers.emplace("content-type", "text/event-stream");
    headers.emplace("cache-control", "no-store");
  } else if (response.stream) {
    if (response.stream_size)
      headers.emplace("content-length", fmt::format("{}", *response.stream_size));
    else if (now.http_1_0)
      now.keep_alive = false;
    else
      now.chunked = true;
  } else if (response.status != 204 && response.status != 304) {
    headers.emplace("content-length", fmt::format("{}", response.body.size()));
  }
  if (now.chunked) headers.emplace("transfer-encoding", "chunked");
  if (headers.count("x-content-type-options") == 0) headers.emplace("x-content-type-options", "nosniff");
  headers.emplace("connection", now.keep_alive ? "keep-alive" : "close");
  headers.emplace("date", http_date());
  now.head = net::write_head(response.status, headers);
}

asio::awaitable<bool> Session::send(Exchange& now) {
  phase_ = Phase::streaming;
  wire_->expire_after(context_.options.idle_timeout);
  if (now.bodyless()) {
    const bool sent = co_await wire_->write(as_bytes(now.head));
    co_return sent;
  }
  if (now.response.events) {
    co_await send_events(now);
    co_return false;
  }
  if (now.files) {
    const bool sent = co_await send_files(now);
    co_return sent;
  }
  if (now.response.stream) {
    const bool sent = co_await send_stream(now);
    co_return sent;
  }
  const bool sent = co_await wire_->write(as_bytes(now.head), as_bytes(now.response.body));
  co_return sent;
}

asio::awaitable<bool> Session::send_stream(Exchange& now) {
  auto left = now.response.stream_size;
  auto head = std::move(now.head);
  for (bool first = true;; first = false) {
    if (!first) {
      wire_->never_expire();
      const auto work = [&now] {
        const auto read = guarded([&] { return now.read_piece(); });
        if (!read) now.piece_size = fail_with(read.error());
      };
      co_await here(work, Kind::step);
      wire_->expire_after(context_.options.idle_timeout);
    }
    if (!now.piece_size) {
      log::warn("net", "an answer broke off: {}", to_string(now.piece_size.error()));
      co_return false;
    }
    auto size = *now.piece_size;
    if (left) size = static_cast<std::size_t>(std::min<std::uint64_t>(size, *left));
    const bool last = left ? size == *left : size < Pieces::kSize;
    if (left && size == 0 && !last) {
      log::warn("net", "an answer broke off: its source ended {} bytes early", *left);
      co_return false;
    }
    if (left) *left -= size;
    if (now.chunked && size > 0) head += fmt::format("{:x}\r\n", size);
    const Bytes piece(now.piece.get(), size);
    const std::string_view end = !now.chunked || !last ? "" : size > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n";
    const bool sent = co_await wire_->write(as_bytes(head), piece, as_bytes(end));
    head = now.chunked ? "\r\n" : "";
    if (!sent || last) co_return sent;
  }
}

asio::awaitable<bool> Session::send_files(Exchange& now) {
  const auto work = [this, &now] { push_files(now); };
  while (now.state == Exchange::State::unfinished) {
    wire_->expire_after(context_.options.idle_timeout);
    const bool open = co_await wire_->writable();
    if (!open) co_return false;
    wire_->never_expire();
    co_await here(work, Kind::step);
  }
  co_return now.state == Exchange::State::finished;
}

/// As work, since a file's bytes may have to come from the disk.
void Session::push_files(Exchange& now) {
  const auto pushed = guarded([&] { return now.push(*wire_); });
  now.state = pushed.value_or(Exchange::State::broken);
  if (!pushed && pushed.error().code != Code::cancelled)
    log::warn("net", "an answer broke off: {}", to_string(pushed.error()));
}

asio::awaitable<void> Session::send_events(Exchange& now) {
  bool open = co_await wire_->write(as_bytes(now.head));
  if (!open) co_return;
  asio::co_spawn(
      wire_->socket().get_executor(), [self = shared_from_this()] { return self->watch_for_disconnect(); },
      asio::detached);
  auto last_sent = std::chrono::steady_clock::now();
  while (open && !gone_ && !context_.stopping) {
    wire_->never_expire();
    Result<std::string> text;
    const bool ran = co_await here([&] { text = guarded([&] { return now.response.events->next(); }); }, Kind::fresh);
    if (gone_ || context_.stopping) break;
    if (ran && !text) {
      log::warn("net", "an event stream ended: {}", to_string(text.error()));
      break;
    }
    const auto time = std::chrono::steady_clock::now();
    if (ran && text->empty() && time - last_sent >= kKeepAlive) *text = ": still here\n\n";
    if (ran && !text->empty()) {
      wire_->expire_after(context_.options.idle_timeout);
      if (now.chunked) *text = chunk_of(*text);
      open = co_await wire_->write(as_bytes(*text));
      last_sent = time;
    }
    if (!open || gone_ || context_.stopping) break;
    wire_->never_expire();
    ErrorCode cancelled;
    pause_.expires_after(now.response.events->period);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (open && !gone_ && now.chunked) {
    wire_->expire_after(kLinger);
    const std::string_view end = "0\r\n\r\n";
    co_await wire_->write(as_bytes(end));
  }
  wire_->cut(false);  // ends the watcher
}

asio::awaitable<void> Session::watch_for_disconnect() {
  const auto self = shared_from_this();
  std::array<std::byte, 256> scratch;
  for (std::size_t n = 1; n > 0;) n = co_await wire_->read(scratch);
  gone_ = true;
  pause_.cancel();
}

/// A client that still sends would get a reset and lose our answer: close our half and read over the rest for a moment.
asio::awaitable<void> Session::linger() {
  wire_->expire_after(kLinger);
  wire_->half_close();
  std::array<std::byte, 16384> scratch;
  for (std::size_t n = 1; n > 0;) n = co_await wire_->read(scratch);
}

}  // namespace larmor::net
