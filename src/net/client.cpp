#include "net/client.h"

#include <condition_variable>
#include <mutex>

#include "base/random.h"
#include "net/connection.h"
#include "net/tls.h"

namespace larmor::net {
namespace {

using Deadline = Connection::Deadline;

constexpr std::size_t kHeaderLimit = 64u << 10;
constexpr std::size_t kLargestReply = 64u << 20;  ///< of an answer that is held in memory
constexpr std::size_t kUploadPiece = 256u << 10;
constexpr std::size_t kChunkHead = 10;  ///< eight hexadecimal digits and a line end

/// The connections to one peer: at most `connections`, some of them idle and ready. Thread safe.
class Pool {
 public:
  Pool(Peer peer, TlsContext tls, const ClientOptions& options)
      : peer_(std::move(peer)), tls_(std::move(tls)), options_(options) {}

  /// `fresh` never takes an idle one.
  Result<std::unique_ptr<Connection>> take(Deadline deadline, bool fresh) {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (fresh && !idle_.empty() && open_ >= options_.connections) drop_oldest();
      while (!fresh && !idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        const auto age = std::chrono::steady_clock::now() - connection->idle_since;
        if (age < options_.idle_timeout && !connection->has_news()) {
          connection->set_deadline(deadline);
          return connection;
        }
        --open_;
      }
      if (open_ < options_.connections) break;
      if (free_.wait_until(lock, deadline) == std::cv_status::timeout)
        return fail(Code::timed_out, "all {} connections to {} stayed busy", options_.connections, peer_.base);
    }
    ++open_;
    lock.unlock();
    auto connection = Connection::open(peer_, tls_.get(), deadline);
    if (!connection) closed();
    return connection;
  }

  void give_back(std::unique_ptr<Connection> connection) {
    connection->idle_since = std::chrono::steady_clock::now();
    connection->used = true;
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
    if (static_cast<int>(idle_.size()) > options_.idle_connections) drop_oldest();
    free_.notify_one();
  }

  void closed() {
    const std::lock_guard lock(mutex_);
    --open_;
    free_.notify_one();
  }

  const Peer& peer() const { return peer_; }

 private:
  void drop_oldest() {
    idle_.erase(idle_.begin());
    --open_;
  }

  const Peer peer_;
  const TlsContext tls_;
  const ClientOptions options_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;  ///< oldest first
  int open_ = 0;
};

/// A connection in use: goes back to the pool when its answer was read to the end, else it is closed.
class Lease {
 public:
  Lease(std::shared_ptr<Pool> pool, std::unique_ptr<Connection> connection)
      : pool_(std::move(pool)), connection_(std::move(connection)) {}
  Lease(Lease&&) = default;
  ~Lease() { close(); }
  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }
  void close() {
    if (!connection_) return;
    connection_.reset();
    pool_->closed();
  }
  void give_back() { pool_->give_back(std::move(connection_)); }

 private:
  std::shared_ptr<Pool> pool_;
  std::unique_ptr<Connection> connection_;
};

/// What goes out: a text that can be sent twice, or a source that cannot.
struct Outgoing {
  Method method;
  const std::string& target;
  std::string_view text;
  ByteSource* source = nullptr;
  Headers headers;
  bool harmless_twice = false;
  std::optional<Error> source_failed;
};

struct Answer {
  Lease lease;
  MessageReader reader;
  bool reusable;
};

class AnswerBody final : public ByteSource {
 public:
  explicit AnswerBody(Answer answer)
      : lease_(std::move(answer.lease)),
        reusable_(answer.reusable),
        body_(std::move(answer.reader), lease_->inbox, *lease_) {
    finish();
  }
  Result<std::size_t> read(MutableBytes into) override {
    auto n = body_.read(into);
    finish();
    return n;
  }

 private:
  void finish() {
    if (finished_ || !body_.done()) return;
    finished_ = true;
    body_.close();
    if (reusable_) lease_.give_back();
  }

  Lease lease_;
  bool reusable_;
  MessageBody body_;
  bool finished_ = false;
};

Headers headers_of(const Call& call, const Peer& peer) {
  Headers headers;
  headers.emplace("host", peer.authority);
  headers.emplace("user-agent", "larmor");
  headers.emplace(
      "larmor-timeout-ms",
      fmt::format(
          "{}", std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::milliseconds>(call.left()).count())));
  headers.emplace("traceparent", fmt::format("00-{}-{}-01", call.trace.size() == 32 ? call.trace : random_token(),
                                             random_token().substr(0, 16)));
  if (!call.idempotency_key.empty()) headers.emplace("idempotency-key", call.idempotency_key);
  return headers;
}

/// False when the peer has answered before it had everything.
Result<bool> send_source(Connection& connection, Outgoing& out) {
  std::vector<std::byte> piece(kChunkHead + kUploadPiece + 2);
  for (;;) {
    const auto filled = fill(*out.source, MutableBytes(piece).subspan(kChunkHead, kUploadPiece));
    if (!filled) {
      out.source_failed = filled.error();
      return fail_with(filled.error());
    }
    const auto n = *filled;
    const auto head = fmt::format("{:08x}\r\n", n);
    std::copy_n(as_bytes(head).begin(), kChunkHead, piece.begin());
    std::copy_n(as_bytes("\r\n").begin(), 2, piece.begin() + static_cast<std::ptrdiff_t>(kChunkHead + n));
    CHECK_OK(connection.write(as_text(Bytes(piece).first(kChunkHead + n + 2))));
    if (n == 0) return true;  // the empty chunk was the last one
    if (connection.has_news()) return false;
  }
}

Result<MessageReader> read_head(Connection& connection, bool to_head) {
  for (;;) {
    MessageReader reader(to_head ? MessageReader::Kind::response_to_head : MessageReader::Kind::response, kHeaderLimit,
                         std::numeric_limits<std::uint64_t>::max());
    while (!reader.has_head() && !reader.refusal()) {
      connection.inbox.consume(reader.read_head(as_text(connection.inbox.ready())));
      if (reader.has_head() || reader.refusal()) break;
      const auto n = TRY(connection.read_some(connection.inbox.room(kHeaderLimit + 1)));
      if (n == 0) return fail(Code::unavailable, "the peer closed the connection without an answer");
      connection.inbox.added(n);
    }
    if (reader.refusal()) return fail(Code::unavailable, "the peer's answer is no HTTP: {}", reader.refusal()->what);
    if (reader.head().status >= 200) return reader;  // 1xx are interim
  }
}

Result<Peer> parse_base(const std::string& base, bool& secure) {
  const auto wrong = [&] {
    return fail_with({Code::invalid, fmt::format("'{}' is not the address of a peer", base),
                      "Write https://HOST:PORT, without a path.", ""});
  };
  secure = base.rfind("https://", 0) == 0;
  if (!secure && base.rfind("http://", 0) != 0) return wrong();
  Peer peer;
  peer.authority = base.substr(secure ? 8 : 7);
  if (!peer.authority.empty() && peer.authority.back() == '/') peer.authority.pop_back();
  peer.base = (secure ? "https://" : "http://") + peer.authority;
  const auto bracket = peer.authority.find(']');
  const auto colon = peer.authority.find(':', bracket == std::string::npos ? 0 : bracket);
  peer.host = peer.authority.substr(0, colon);
  if (bracket != std::string::npos) peer.host = peer.host.front() == '[' ? peer.host.substr(1, bracket - 1) : "";
  const auto port = colon == std::string::npos ? std::string(secure ? "443" : "80") : peer.authority.substr(colon + 1);
  const bool digits = !port.empty() && port.size() < 6 && port.find_first_not_of("0123456789") == std::string::npos;
  const bool has_path = peer.authority.find_first_of("/?#@ ") != std::string::npos;
  if (peer.host.empty() || has_path || !digits || std::stoi(port) < 1 || std::stoi(port) > 65535) return wrong();
  peer.port = static_cast<std::uint16_t>(std::stoi(port));
  return peer;
}

class HttpClient final : public Client {
 public:
  HttpClient(Peer peer, TlsContext tls, const ClientOptions& options)
      : pool_(std::make_shared<Pool>(std::move(peer), std::move(tls), options)), token_(options.token) {}

  Result<Reply> send(Method method, const std::string& target, const std::string& json_body,
                     const Call& call) override {
    Outgoing out{method, target, json_body, nullptr, headers_for(call)};
    if (!json_body.empty()) out.headers.emplace("content-type", "application/json");
    if (!json_body.empty() || method == Method::post || method == Method::put || method == Method::patch)
      out.headers.emplace("content-length", fmt::format("{}", json_body.size()));
    return whole(out, call);
  }

  Result<Reply> submit(const std::string& target, const std::string& form, const Call& call) override {
    Outgoing out{Method::post, target, form, nullptr, headers_for(call)};
    out.headers.emplace("content-type", "application/x-www-form-urlencoded");
    out.headers.emplace("content-length", fmt::format("{}", form.size()));
    return whole(out, call);
  }

  Result<Reply> upload(Method method, const std::string& target, ByteSource& body, const Call& call) override {
    Outgoing out{method, target, {}, &body, headers_for(call)};
    out.headers.emplace("content-type", "application/octet-stream");
    out.headers.emplace("transfer-encoding", "chunked");
    return whole(out, call);
  }

  Result<StreamedReply> download(const std::string& target, const Call& call, const Headers& extra) override {
    Outgoing out{Method::get, target, {}, nullptr, headers_for(call)};
    for (const auto& [name, value] : extra) out.headers.emplace(name, value);
    auto answer = TRY(ask(out, call));
    StreamedReply reply;
    reply.status = answer.reader.head().status;
    reply.headers = std::move(answer.reader.head().headers);
    reply.size = answer.reader.head().length;
    reply.body = std::make_unique<AnswerBody>(std::move(answer));
    return reply;
  }

 private:
  Headers headers_for(const Call& call) const {
    auto headers = headers_of(call, pool_->peer());
    if (!token_.empty()) headers.emplace("authorization", "Bearer " + token_);
    return headers;
  }

  Result<Reply> whole(Outgoing& out, const Call& call) {
    auto answer = TRY(ask(out, call));
    Reply reply;
    reply.status = answer.reader.head().status;
    reply.headers = std::move(answer.reader.head().headers);
    AnswerBody body(std::move(answer));
    auto text = read_all(body, kLargestReply);
    if (!text) return fail_with(while_doing(describe(out), std::move(text).error()));
    reply.body = std::move(*text);
    return reply;
  }

  std::string describe(const Outgoing& out) const {
    const std::string_view path = out.target;
    // The query stays out of messages: a search may hold a patient's name.
    return fmt::format("{} {}{}", name(out.method), pool_->peer().base, path.substr(0, path.find('?')));
  }

  /// Sends, and waits for the head of an answer below 400.
  Result<Answer> ask(Outgoing& out, const Call& call) {
    if (call.left() <= Duration::zero())
      return fail(Code::timed_out, "{}: the deadline had passed before it began", describe(out));
    out.harmless_twice =
        !out.source && (out.method == Method::get || out.method == Method::head || out.method == Method::put ||
                        out.method == Method::del || !call.idempotency_key.empty());
    auto answer = converse(out, call, false);
    if (!answer) return fail_with(while_doing(describe(out), std::move(answer).error()));
    const int status = answer->reader.head().status;
    if (status < 400) return answer;
    AnswerBody body(std::move(*answer));
    const auto text = read_all(body, 1u << 20);
    const auto problem = text ? parse_json(*text) : Result<Json>(Json());
    auto error = from_problem(problem ? *problem : Json(), status);
    return fail_with(problem && problem->is_object() ? std::move(error) : while_doing(describe(out), std::move(error)));
  }

  Result<Answer> converse(Outgoing& out, const Call& call, bool fresh) {
    Lease lease(pool_, TRY(pool_->take(call.deadline, fresh)));
    const bool reused = lease->used;
    auto sent = write(*lease, out);
    if (!sent && (out.source_failed || sent.error().code != Code::unavailable))
      return fail_with(std::move(sent).error());
    auto reader =
        read_head(*lease, out.method == Method::head);  // also after a failed write: the peer may have said why
    if (reader) {
      const bool reusable = sent && *sent && reader->head().keep_alive;
      return Answer{std::move(lease), std::move(*reader), reusable};
    }
    auto& error = reader.error();
    const bool idle_close = reused && error.code == Code::unavailable && lease->inbox.ready().empty();
    if (idle_close && out.harmless_twice && !fresh) {
      lease.close();
      return converse(out, call, true);
    }
    if (!sent && error.code != Code::unauthenticated) return fail_with(std::move(sent).error());
    return fail_with(std::move(error));
  }

  static Result<bool> write(Connection& connection, Outgoing& out) {
    auto head = write_head(out.method, out.target, out.headers);
    constexpr std::size_t kJoined = 64u << 10;
    const bool joined = out.text.size() <= kJoined;
    if (joined) head += out.text;
    CHECK_OK(connection.write(head));
    if (!joined) CHECK_OK(connection.write(out.text));
    if (out.source) return send_source(connection, out);
    return true;
  }

  std::shared_ptr<Pool> pool_;
  const std::string token_;
};

Result<Json> json_of(Result<Reply> reply) {
  if (!reply) return fail_with(std::move(reply).error());
  if (reply->body.empty()) return Json();
  auto json = parse_json(reply->body);
  if (!json) return fail_with(while_doing("the peer's answer", std::move(json).error()));
  return json;
}

}  // namespace

Result<std::unique_ptr<Client>> Client::make(const ClientOptions& options) {
  bool secure = false;
  auto peer = TRY(parse_base(options.base, secure));
  TlsContext tls;
  if (secure) tls = TRY(client_tls(options.tls));
  return std::make_unique<HttpClient>(std::move(peer), std::move(tls), options);
}

Result<Json> Client::get(const std::string& target, const Call& call) {
  return json_of(send(Method::get, target, "", call));
}

Result<Json> Client::post(const std::string& target, const Json& json, const Call& call) {
  return json_of(send(Method::post, target, json.dump(-1, ' ', false, Json::error_handler_t::replace), call));
}

Result<Json> Client::put(const std::string& target, const Json& json, const Call& call) {
  return json_of(send(Method::put, target, json.dump(-1, ' ', false, Json::error_handler_t::replace), call));
}

}  // namespace larmor::net
