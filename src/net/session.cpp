#include "net/session.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/gzip.h"

namespace larmor::net {
namespace {

constexpr std::size_t kHeaderLimit = 16u << 10;
constexpr std::size_t kSmallBody = Inbox::kLarge;  ///< has arrived before the handler starts

bool only_reads(const Request& request) {
  return request.method == Method::get || request.method == Method::head;
}

/// A body that drips holds a worker no longer than a silent one: beyond `patience`, what came must have come at
/// kSlowest or faster. Only the time that was waited for the sender counts.
class Paced final : public Channel {
 public:
  Paced(Channel& from, Duration patience) : from_(from), patience_(patience) {}

  Result<std::size_t> read_some(MutableBytes into) override {
    const auto asked = std::chrono::steady_clock::now();
    const auto n = TRY(from_.read_some(into));
    waited_ += std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - asked);
    came_ += n;
    if (waited_ > patience_ + std::chrono::seconds(came_ / kSlowest))
      return fail(Code::timed_out, "the sender sent {} bytes in {:.0f} s, less than {} a second", came_,
                  seconds(waited_), kSlowest);
    return n;
  }

 private:
  static constexpr std::uint64_t kSlowest = 1024;  ///< bytes a second

  Channel& from_;
  const Duration patience_;
  Duration waited_{0};
  std::uint64_t came_ = 0;
};

}  // namespace

Session::Session(std::unique_ptr<Wire> wire, Loop& loop, const SessionContext& context, bool welcome)
    : wire_(std::move(wire)),
      loop_(loop),
      context_(context),
      welcome_(welcome),
      pause_(wire_->socket().get_executor()) {
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

/// False when it was refused: what is new is, where too much waits already.
asio::awaitable<bool> Session::here(Workers::Task task, Kind kind) {
  const auto answer = loop_.begin();
  if (!answer) {
    const bool ran = co_await on_worker(std::move(task), kind);
    co_return ran;
  }
  task();
  if (!loop_.end(*answer)) co_await asio::post(loop_.io, asio::use_awaitable);
  co_return true;
}

asio::awaitable<bool> Session::on_worker(Workers::Task task, Kind kind) {
  const auto executor = wire_->socket().get_executor();
  const auto start = [this, task = std::move(task), executor, kind](auto handler) mutable {
    const auto resume = std::make_shared<decltype(handler)>(std::move(handler));
    const auto finish = [executor, resume](bool ran) {
      asio::post(executor, [resume, ran] { std::move (*resume)(ran); });
    };
    auto work = [task = std::move(task), finish] {
      task();
      finish(true);
    };
    if (kind == Kind::step)
      context_.workers.go_on(std::move(work));
    else if (!context_.workers.offer(std::move(work), kind == Kind::for_sender))
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
  const auto length = reader.head().length;
  const bool arrived_whole = reader.done() || (length && inbox_.ready().size() >= *length);
  auto request = make_request(reader.head());
  if (!request) {
    co_await refuse(request.error().code == Code::unsupported ? 501 : 400, request.error().what);
    co_return false;
  }
  now.request = std::move(*request);
  std::function<Result<void>()> go_ahead;
  if (expects) go_ahead = [this] { return wire_->write_now("HTTP/1.1 100 Continue\r\n\r\n"); };
  Paced paced(*wire_, context_.options.idle_timeout);
  const auto body = std::make_shared<MessageBody>(std::move(reader), inbox_, paced, std::move(go_ahead));
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
  if (welcome_ && only_reads(now.request) && body->done())
    ran = co_await here(work, Kind::fresh);
  else if (welcome_)
    ran = co_await on_worker(work, arrived_whole ? Kind::fresh : Kind::for_sender);
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

}  // namespace larmor::net
