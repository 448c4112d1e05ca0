#pragma once
/// HTTP as the rest of Larmor sees it: routes as rows, requests and responses as values, bodies as streams.
///
/// server.h serves routes, client.h calls peers; only server.cpp and client.cpp know Boost.Beast. Handlers run on a bounded
/// pool of worker threads and may block; an Error they return becomes problem+json (RFC 9457) with the table's status.
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

namespace larmor::net {

enum class Method { get, head, post, put, patch, del };
std::string_view name(Method);

/// Who may call a route. On the browser's listener `peer` routes do not exist; on the mutual-TLS listener every caller has a
/// certificate of the private CA.
enum class Scope { read, operate, peer };

using Headers = std::multimap<std::string, std::string, std::less<>>;  ///< names in lower case

struct Request {
  Method method = Method::get;
  std::string path;                          ///< decoded, without the query
  std::map<std::string, std::string, std::less<>> captured;  ///< "{study}" of the route's pattern, decoded
  std::multimap<std::string, std::string, std::less<>> query;
  Headers headers;
  std::string peer;                          ///< common name of the caller's certificate; empty on the browser's listener
  std::string remote_address;
  std::shared_ptr<ByteSource> body;          ///< never null

  std::string capture(std::string_view name) const;
  std::optional<std::string> parameter(std::string_view name) const;
  std::optional<std::string> header(std::string_view lower_case_name) const;
  /// A whole number from the query within bounds, `otherwise` when absent, `invalid` naming the parameter when wrong.
  Result<std::int64_t> number(std::string_view name, std::int64_t otherwise, std::int64_t least, std::int64_t most) const;
  /// The body as JSON, at most `bound` bytes.
  Result<Json> json(std::size_t bound = 4u << 20) const;
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
Response problem(const Error&);

using Handler = std::function<Result<Response>(const Request&)>;

/// A row of a service's route table; the OpenAPI document is printed from these rows.
struct Route {
  Method method;
  std::string pattern;       ///< "/v1/studies/{study}/series"
  Scope scope;
  std::string summary;
  Handler handler;
  std::string answers = "";  ///< name of the schema in api/schemas of the 2xx answer; empty for none or for bytes
  std::string takes = "";    ///< name of the schema of the request's body; empty for none or for bytes
  int status = 200;          ///< the 2xx status
};

/// Finds the route; 404 for an unknown path, 405 with Allow for a known path and another verb.
class Router {
 public:
  void add(std::vector<Route> routes);
  Response answer(Request&) const;  ///< never throws; fills `captured`
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace larmor::net
