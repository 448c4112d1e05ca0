#include "net/session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>

#include "base/log.h"
#include "net/gzip.h"

namespace larmor::net {
namespace {

constexpr std::size_t kHeaderLimit = 16u << 10;
constexpr std::size_t kSmallBody = Inbox::kLarge;  ///< has arrived before the handler starts
constexpr auto kKeepAlive = 15s;                   ///< of event streams: proxies cut what is silent for 30 to 60 s
constexpr auto kLinger = 2s;
constexpr std::uint64_t kMostAtOnce = 4u << 20;  ///< of a file, before others have their turn

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

/// What workers run is other people's code: an exception of theirs ends their answer, not the server.
template <class F>
auto guarded(F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const std::exception& e) {
    return fail(Code::internal, "an exception of type {} ended the answer", typeid(e).name());
  }
}

}  // namespace

/// One request and its answer.
struct Session::Exchange {
  explicit Exchange(Pieces& all) : pieces(all) {}
  Exchange(const Exchange&) = delete;
  ~Exchange() {
    if (piece) pieces.give_back(std::move(piece));
  }
  MutableBytes memory() {
    if (!piece) piece = pieces.take();
    return {piece.get(), Pieces::kSize};
  }
  Result<void> read_piece() {
    piece_size = fill(*response.stream, memory());
    return {};
  }
  bool bodyless() const { return request.method == Method::head || response.status == 204 || response.status == 304; }

  Pieces& pieces;
  Request request;
  Response response;
  std::string head;  ///< of the answer, as it is sent
  bool http_1_0 = false;
  bool keep_alive = false;
  bool chunked = false;
  bool unread = false;  ///< some of the request's body was not
  Pieces::Piece piece;  ///< of response.stream
  Result<std::size_t> piece_size = 0;

  // Where files are sent:
  enum class State { unfinished, finished, broken };
  FileBackedSource* files = nullptr;  ///< response.stream
  Bytes unsent;                 ///< of head or piece
  std::uint64_t left = 0;       ///< of the body, behind `unsent`
  State state = State::unfinished;

  Result<void> find_files();
  Result<State> push(Wire&);

 private:
  Result<bool> push_unsent(Wire&);
  Result<bool> push_stretch(Wire&, FileStretch);
};

/// What cannot be opened is known before the head is written.
Result<void> Session::Exchange::find_files() {
  left = *response.stream_size;
  if (TRY(files->stretch()).count > 0) return {};
  piece_size = TRY(files->read(memory()));  // the head of a first part; what it is of comes next
  left -= std::min<std::uint64_t>(*piece_size, left);
  return files->stretch().map([](const FileStretch&) {});
}

/// As much as the connection takes without waiting, within a bound: others wait for this worker.
Result<Session::Exchange::State> Session::Exchange::push(Wire& wire) {
  for (const auto enough = left - std::min(left, kMostAtOnce);;) {
    if (!unsent.empty()) {
      if (!TRY(push_unsent(wire))) return State::unfinished;
    } else if (left == 0) {
      return State::finished;
    } else if (left < enough) {
      return State::unfinished;
    } else if (const auto stretch = TRY(files->stretch()); stretch.count > 0) {
      if (!TRY(push_stretch(wire, stretch))) return State::unfinished;
    } else {
      const auto got = std::min<std::uint64_t>(TRY(files->read(memory())), left);
      if (got == 0) return fail(Code::corrupt, "its source ended {} bytes early", left);
      unsent = memory().first(got);
      left -= got;
    }
  }
}

/// False when the connection takes no more now.
Result<bool> Session::Exchange::push_unsent(Wire& wire) {
  unsent = unsent.subspan(TRY(wire.send_now(unsent)));
  return unsent.empty();
}

Result<bool> Session::Exchange::push_stretch(Wire& wire, FileStretch stretch) {
  stretch.count = std::min(stretch.count, left);
  const auto sent = TRY(wire.send_now(stretch));
  files->skip(sent);
  left -= sent;
  return sent == stretch.count;
}

Session::Session(std::unique_ptr<Wire> wire, const SessionContext& context, bool welcome)
    : wire_(std::move(wire)), context_(context), welcome_(welcome), pause_(wire_->socket().get_executor()) {
  ErrorCode ignored;
  remote_address_ = wire_->socket().remote_endpoint(ignored).address().to_string();
  wire_->set_patience(context.options.idle_timeout);
}

void Session::stop() {
  if (phase_ == Phase::idle) wire_->cut(false);
  pause_.cancel();
}

asio::awaitable<void> Session::run() {
  const auto self = shared_from_this();
  wire_->expire_after(context_.options.header_timeout);
  const bool shaken = co_await wire_->handshake();
  if (!shaken) co_return;
  peer_ = wire_->peer();
  for (bool more = true; more && !context_.stopping;) more = co_await exchange();
  wire_->expire_after(kLinger);
  co_await wire_->say_goodbye();
}

asio::awaitable<bool> Session::on_worker(Workers::Task task, bool fresh) {
  const auto executor = wire_->socket().get_executor();
  const auto start = [this, task = std::move(task), executor, fresh](auto handler) mutable {
    const auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    const auto finish = [executor, resume](bool ran) {
      asio::post(executor, [resume, ran] { std::move (*resume)(ran); });
    };
    auto work = [task = std::move(task), finish] {
      task();
      finish(true);
    };
    if (!fresh)
      context_.workers.go_on(std::move(work));
    else if (!context_.workers.offer(std::move(work)))
      finish(false);
  };
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(bool)>(start, asio::use_awaitable);
}

asio::awaitable<bool> Session::read_head(MessageReader& reader) {
  phase_ = Phase::idle;
  inbox_.rest();
  wire_->expire_after(context_.options.idle_timeout);
  for (;;) {
    if (!inbox_.ready().empty()) {
      if (phase_ == Phase::idle) wire_->expire_after(context_.options.header_timeout);
      phase_ = Phase::reading;
      inbox_.consume(reader.read_head(as_text(inbox_.ready())));
      if (reader.has_head() || reader.refusal()) co_return true;
    }
    const auto full = inbox_.ready().size() >= Inbox::kSmall;
    if (phase_ == Phase::idle && context_.stopping) co_return false;
    const auto n = co_await wire_->read(inbox_.room(full ? kHeaderLimit + 1 : Inbox::kSmall));
    if (n == 0) co_return false;
    inbox_.added(n);
  }
}

asio::awaitable<bool> Session::read_small_body(const Head& head) {
  if (!head.length || *head.length > kSmallBody || head.headers.count("expect") > 0) co_return true;
  const auto size = static_cast<std::size_t>(*head.length);
  wire_->expire_after(context_.options.idle_timeout);  // for all of it: a drip does not stretch it
  while (inbox_.ready().size() < size) {
    const auto n = co_await wire_->read(inbox_.room(kSmallBody));
    if (n == 0) co_return false;
    inbox_.added(n);
  }
  co_return true;
}

Result<Request> Session::make_request(Head& head) {
  if (!head.method) return fail(Code::unsupported, "this HTTP method is not used here");
  const auto hosts =
      head.headers.count("host");  // RFC 9112, 3.2: exactly one; two would mean one to us, one to a proxy
  if (hosts > 1 || (!head.http_1_0 && hosts == 0))
    return fail(Code::invalid, "the Host header is {}", hosts == 0 ? "missing" : "there twice");
  std::string_view target = head.target;
  if (target.rfind("http://", 0) == 0 || target.rfind("https://", 0) == 0) {  // RFC 9112, 3.2.2: proxies may send it so
    const auto path = target.find('/', target.find("//") + 2);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  auto request = TRY(parse_target(*head.method, target));
  request.headers = std::move(head.headers);
  request.peer = peer_;
  request.remote_address = remote_address_;
  return request;
}

asio::awaitable<bool> Session::exchange() {
  MessageReader reader(MessageReader::Kind::request, kHeaderLimit, context_.options.largest_body);
  const bool arrived = co_await read_head(reader);
  if (!arrived) co_return false;
  if (const auto refused = reader.refusal()) {
    co_await refuse(refused->status, refused->what);
    co_return false;
  }
  Exchange now(context_.pieces);
  now.http_1_0 = reader.head().http_1_0;
  now.keep_alive = reader.head().keep_alive;
  const bool expects = reader.head().headers.count("expect") > 0;
  const bool whole = co_await read_small_body(reader.head());
  if (!whole) co_return false;
  auto request = make_request(reader.head());
  if (!request) {
    co_await refuse(request.error().code == Code::unsupported ? 501 : 400, request.error().what);
    co_return false;
  }
  now.request = std::move(*request);
  std::function<Result<void>()> go_ahead;
  if (expects) go_ahead = [this] { return wire_->write_now("HTTP/1.1 100 Continue\r\n\r\n"); };
  const auto body = std::make_shared<MessageBody>(std::move(reader), inbox_, *wire_, std::move(go_ahead));
  now.request.body = body;

  phase_ = Phase::working;
  wire_->never_expire();
  bool ran = false;
  const auto work = [this, &now, &body] {
    const auto answered = guarded([&] { return answer(now); });
    if (!answered) {
      now.response = problem(answered.error());
      now.files = nullptr;
    }
    conclude(now, *body);
    if (now.files) push_files(now);
  };
  if (welcome_) ran = co_await on_worker(work, true);
  if (!ran) {
    now.response = problem({Code::unavailable, "too many requests at once", "Try again in a moment.", ""});
    conclude(now, *body);
  }
  const bool sent = co_await send(now);
  if (sent && now.unread) co_await linger();
  co_return sent&& now.keep_alive;
}

Result<void> Session::answer(Exchange& now) {
  now.response = context_.router.answer(now.request);
  compress(now.request, now.response);
  if (!now.response.stream || now.bodyless()) return {};
  if (wire_->sends_files() && now.response.stream_size)
    now.files = dynamic_cast<FileBackedSource*>(now.response.stream.get());
  return now.files ? now.find_files() : now.read_piece();
}

/// The request is over; its answer's head tells whether the connection goes on.
void Session::conclude(Exchange& now, MessageBody& body) {
  body.skip_ready();
  now.keep_alive = now.keep_alive && body.done() && welcome_ && !context_.stopping;
  now.unread = !body.done();
  body.close();
  write_head(now);
  if (now.files && *now.piece_size > 0) now.head += as_text(now.memory().first(*now.piece_size));
  now.unsent = as_bytes(now.head);
}

asio::awaitable<void> Session::refuse(int status, std::string why) {
  const auto code = status == 413 || status == 431 ? Code::too_large
                    : status >= 500                ? Code::unsupported
                                                   : Code::invalid;
  Exchange now(context_.pieces);
  now.response = problem({code, std::move(why), "", ""}, status);
  write_head(now);
  const bool sent = co_await send(now);
  if (sent) co_await linger();
}

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
      co_await on_worker(work, false);
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
    co_await on_worker(work, false);
  }
  co_return now.state == Exchange::State::finished;
}

/// On a worker, as a file's bytes may have to come from the disk.
void Session::push_files(Exchange& now) {
  wire_->hold_back(true);
  const auto pushed = guarded([&] { return now.push(*wire_); });
  wire_->hold_back(false);
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
    const bool ran = co_await on_worker([&] { text = guarded([&] { return now.response.events->next(); }); }, true);
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
