#include "net/http.h"

#include "base/number.h"
#include "base/text.h"

namespace larmor::net {
namespace {

constexpr auto kLongestCall = 24h;

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view name(Method method) {
  constexpr std::array<std::string_view, 6> names = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  return names[static_cast<std::size_t>(method)];
}

std::string_view name(Scope scope) {
  constexpr std::array<std::string_view, 5> names = {"open", "read", "operate", "administer", "peer"};
  return names[static_cast<std::size_t>(scope)];
}

std::string encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved)
      out += c;
    else
      out += {'%', digits[u >> 4], digits[u & 15]};
  }
  return out;
}

Result<std::string> decode(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return fail(Code::invalid, "the address has a broken percent escape");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

Result<Request> parse_target(Method method, std::string_view target) {
  if (target.empty() || target.front() != '/') return fail(Code::invalid, "the address must begin with a slash");
  target = target.substr(0, target.find('#'));
  const auto mark = target.find('?');
  Request request;
  request.method = method;
  request.raw_path = target.substr(0, mark);
  request.path = TRY(decode(request.raw_path));
  if (request.path.find('\0') != std::string::npos) return fail(Code::invalid, "the address contains a zero byte");
  auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto value = equals == std::string_view::npos ? std::string() : std::string(pair.substr(equals + 1));
    std::replace(value.begin(), value.end(), '+', ' ');  // browsers' forms and URLSearchParams write blanks like this
    request.query.emplace(TRY(decode(pair.substr(0, equals))), TRY(decode(value)));
  }
  return request;
}

std::string Request::capture(std::string_view name) const {
  const auto found = captured.find(name);
  return found == captured.end() ? std::string() : found->second;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> Request::header(std::string_view lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::nullopt : std::optional(found->second);
}

Result<Json> Request::json(std::size_t bound) const {
  const auto text = read_all(*body, bound);
  if (!text) return fail_with(while_doing("cannot read the request's body", text.error()));
  auto parsed = parse_json(*text);
  if (!parsed) return fail_with(while_doing("the request's body", std::move(parsed).error()));
  return parsed;
}

Result<std::optional<ByteRange>> Request::range(std::uint64_t size) const {
  const auto asked = header("range");
  constexpr std::string_view unit = "bytes=";
  if (!asked || asked->compare(0, unit.size(), unit) != 0 || asked->find(',') != std::string::npos) return std::nullopt;
  const auto text = std::string_view(*asked).substr(unit.size());
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = to_number<std::uint64_t>(text.substr(0, dash)),
             last = to_number<std::uint64_t>(text.substr(dash + 1));
  const auto outside = [&] {
    return fail_with({Code::invalid, fmt::format("there are only {} bytes", size), "", "range"});
  };
  if (!first && dash == 0 && last) {
    if (*last == 0 || size == 0) return outside();
    const auto count = std::min(*last, size);
    return ByteRange{size - count, count};
  }
  const bool open_ended = dash + 1 == text.size();
  if (!first || (!last && !open_ended) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return outside();
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return ByteRange{*first, end - *first + 1};
}

bool Request::knows(std::string_view etag) const {
  const auto known = header("if-none-match").value_or("");
  for (const auto& item : split(known, ',')) {
    auto tag = trim(item);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == "*" || tag == etag) return true;
  }
  return false;
}

Call Request::call() const {
  Call call;
  if (const auto text = header("larmor-timeout-ms"))
    if (const auto patience = to_number<std::uint64_t>(*text))
      call.deadline =
          std::chrono::steady_clock::now() + std::chrono::milliseconds(std::min<std::uint64_t>(
                                                 *patience, std::chrono::milliseconds(kLongestCall).count()));
  if (const auto text = header("traceparent"))  // W3C Trace Context: version-trace-parent-flags
    if (text->size() >= 55 && (*text)[2] == '-' && (*text)[35] == '-' && is_lower_hex(text->substr(3, 32)))
      call.trace = text->substr(3, 32);
  if (auto key = header("idempotency-key")) call.idempotency_key = std::move(*key);
  return call;
}

Response json_response(const Json& json, int status) {
  Response response;
  response.status = status;
  response.headers.emplace("content-type", "application/json");
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);  // a modality's bytes may be no UTF-8
  return response;
}

Response created(const std::string& location, const Json& json) {
  auto response = json_response(json, 201);
  response.headers.emplace("location", location);
  return response;
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

Response not_modified(std::string_view etag) {
  Response response;
  response.status = 304;
  response.headers.emplace("etag", etag);
  return response;
}

Response problem(const Error& error) {
  return problem(error, row(error.code).http);
}

Response problem(const Error& error, int status) {
  auto json = to_problem(error);
  json["status"] = status;
  auto response = json_response(json, status);
  response.headers.find("content-type")->second = "application/problem+json";
  response.headers.emplace("cache-control", "no-store");
  if (error.code == Code::unavailable) response.headers.emplace("retry-after", "1");
  return response;
}

Response range_not_satisfiable(std::uint64_t size) {
  auto response =
      problem({Code::invalid, fmt::format("the range asked for lies outside the {} bytes", size), "", "range"}, 416);
  response.headers.emplace("content-range", fmt::format("bytes */{}", size));
  return response;
}

}  // namespace larmor::net
