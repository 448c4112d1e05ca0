#pragma once
/// HTTP as the rest of Larmor sees it: routes as rows, requests and responses as values, bodies as streams.
///
/// server.h serves routes, client.h calls peers; only message.cpp knows Boost.Beast, only the server knows Asio.
/// Handlers run on a bounded pool of worker threads and may block; an Error they return becomes problem+json (RFC 9457)
/// with the table's status.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/call.h"
#include "base/json.h"
#include "net/parameter.h"

namespace larmor::net {

enum class Method { get, head, post, put, patch, del };
std::string_view name(Method);

/// Who may call a route: anybody (`open`: the sign-in page and what it needs), or whoever may read, operate, administer
/// (see Guard). On the browser's listener `peer` routes do not exist; on the mutual-TLS listener every caller has a
/// certificate of the private CA.
enum class Scope { open, read, operate, administer, peer };
std::string_view name(Scope);

using Headers = std::multimap<std::string, std::string, std::less<>>;  ///< names in lower case

/// `count` bytes from `first`; never empty.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

struct Request {
  Method method = Method::get;
  std::string path;      ///< decoded, without the query
  std::string raw_path;  ///< as sent; routes match on it, so that an encoded slash stays inside its segment
  std::map<std::string, std::string, std::less<>> captured;  ///< "{study}" of the route's pattern, decoded
  std::multimap<std::string, std::string, std::less<>> query;
  Headers headers;
  std::string peer;    ///< common name of the caller's certificate; empty on the browser's listener
  std::string caller;  ///< who signed in, as the guard found out; empty where nobody did
  std::string remote_address;
  std::shared_ptr<ByteSource> body;  ///< never null; readable until the handler returns

  std::string capture(std::string_view name) const;
  std::optional<std::string> parameter(std::string_view name) const;
  std::optional<std::string> header(std::string_view lower_case_name) const;
  /// The body as JSON, at most `bound` bytes.
  Result<Json> json(std::size_t bound = 4u << 20) const;
  /// The part asked for by `Range: bytes=`; nothing when the whole is wanted, `invalid` when no byte of it exists (see
  /// range_not_satisfiable). Several ranges at once are answered with the whole, which RFC 9110 section 14.2 allows.
  Result<std::optional<ByteRange>> range(std::uint64_t size) const;
  /// Has the caller this version already, by its entity tag (If-None-Match, RFC 9110 section 13.1.2)?
  bool knows(std::string_view etag) const;
  /// Deadline, trace and idempotency key from the headers `larmor-timeout-ms`, `traceparent`, `idempotency-key`.
  Call call() const;
};

/// Server-sent events (WHATWG HTML, section 9.2): `next` is asked every `period` for text to append, possibly none.
/// The server stops asking when the client has gone. An error ends the stream.
struct EventStream {
  std::function<Result<std::string>()> next;
  Duration period = 250ms;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::shared_ptr<ByteSource> stream;        ///< instead of `body`, when the size does not fit in memory
  std::optional<std::uint64_t> stream_size;  ///< Content-Length of `stream`; chunked when unknown
  std::optional<EventStream> events;         ///< instead of a body
};

Response json_response(const Json&, int status = 200);
/// 201 with Location.
Response created(const std::string& location, const Json&);
Response no_content();
/// 304, to a caller who knows it.
Response not_modified(std::string_view etag);
Response problem(const Error&);
/// For the few answers whose status is HTTP's own business (405, 416, 431 ...).
Response problem(const Error&, int status);
/// 416 with the real size.
Response range_not_satisfiable(std::uint64_t size);

/// RFC 3986 percent-encoding of one path segment or query value.
std::string encode(std::string_view);
/// The reverse; `invalid` for a broken escape. A plus sign stays one: only form bodies write blanks that way.
Result<std::string> decode(std::string_view);
/// Fills method, path, raw_path and query from a request line's target.
Result<Request> parse_target(Method, std::string_view target);

using Handler = std::function<Result<Response>(const Request&)>;

/// A row of a service's route table; the OpenAPI document is printed from these rows.
struct Route {
  Method method;
  std::string pattern;  ///< "/v1/studies/{study}/series"; "{rest...}" at the end takes all that is left
  Scope scope;
  std::string summary;
  Handler handler;
  /// Name of the schema in api/schemas of the 2xx answer; or a media type ("text/event-stream"); empty for none or any
  /// bytes.
  std::string answers = "";
  /// Name of the schema of the request's body; or a media type ("application/octet-stream"); empty for none.
  std::string takes = "";
  int status = 200;                   ///< the 2xx status
  std::vector<Parameter> query = {};  ///< what may stand behind the question mark; anything goes with "{rest...}"
  int bad_query = 422;                ///< the status of a query that these rows do not allow
};

/// Stands between a listener and its routes. Asked from any thread; must not throw.
class Guard {
 public:
  virtual ~Guard() = default;
  /// May this request go to this route? Asked before its query and its body are looked at. May name the caller.
  virtual Result<void> admit(const Route&, Request&) const = 0;
  /// The last word on every answer, also on those that no route gave.
  virtual void finish(const Request&, Response&) const = 0;
};

/// A route's pattern, taken apart.
struct Pattern {
  std::vector<std::string> segments;
  std::string rank;  ///< how specific it is, a letter for each segment; the lesser of two that match wins
};

/// Finds the route; 404 for an unknown path, 405 with Allow for a known path and another verb, `bad_query` for a query
/// that the route's rows do not allow; what the guard says when it refuses. Words win over captures, both win over
/// "{rest...}"; HEAD is answered by GET. Add every route before the first answer; then any thread may call answer().
class Router {
 public:
  void add(std::vector<Route> routes);
  /// Without one, as among peers, every route is anybody's.
  void set_guard(std::unique_ptr<Guard> guard) { guard_ = std::move(guard); }
  Response answer(Request&) const;  ///< never throws; fills `captured`
  const std::vector<Route>& routes() const { return routes_; }

 private:
  Response find_and_run(Request&) const;

  std::vector<Route> routes_;
  std::vector<Pattern> patterns_;  ///< of routes_[i]
  std::unique_ptr<Guard> guard_;
};

}  // namespace larmor::net
