#include <set>
#include <typeinfo>

#include "base/log.h"
#include "base/text.h"
#include "net/http.h"

namespace larmor::net {
namespace {

enum class Kind : char { word = 'a', capture = 'b', rest = 'c' };  // in order of preference

Kind kind(std::string_view segment) {
  if (segment.size() < 2 || segment.front() != '{' || segment.back() != '}') return Kind::word;
  return segment.size() > 5 && segment.substr(segment.size() - 4) == "...}" ? Kind::rest : Kind::capture;
}

std::vector<std::string> segments(std::string_view path) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  return split(path, '/');
}

/// How specific the match is, one letter per segment; nothing where the pattern does not match.
std::optional<std::string> match(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  std::string rank;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto what = kind(pattern[i]);
    if (what == Kind::rest) return rank + static_cast<char>(what);
    if (i >= path.size() || (what == Kind::word ? path[i] != pattern[i] : path[i].empty())) return std::nullopt;
    rank += static_cast<char>(what);
  }
  return pattern.size() == path.size() ? std::optional(rank) : std::nullopt;
}

Result<void> fill_captures(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
                           Request& request) {
  request.captured.clear();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto what = kind(pattern[i]);
    if (what == Kind::word) continue;
    if (what == Kind::capture) {
      request.captured[pattern[i].substr(1, pattern[i].size() - 2)] = TRY(decode(path[i]));
      continue;
    }
    std::string rest;
    for (auto j = i; j < path.size(); ++j) rest += (j == i ? "" : "/") + TRY(decode(path[j]));
    request.captured[pattern[i].substr(1, pattern[i].size() - 5)] = rest;
  }
  return {};
}

Response run(const Route& route, const Request& request) {
  const auto defect = [&](std::string_view kind) {
    // Only the kind of exception: its words may quote patient data.
    log::alarm("net", "the handler of {} {} ended with an exception of type {}", name(route.method), route.pattern,
               kind);
    return problem({Code::internal, fmt::format("{} {} failed inside Larmor", name(route.method), route.pattern),
                    "The log tells more.", ""});
  };
  try {
    auto answer = route.handler(request);
    return answer ? std::move(*answer) : problem(answer.error());
  } catch (const std::exception& e) {
    return defect(typeid(e).name());
  } catch (...) {
    return defect("unknown");
  }
}

Response method_not_allowed(const Request& request, std::set<std::string> allowed) {
  if (allowed.count("GET") > 0) allowed.insert("HEAD");
  std::string list;
  for (const auto& verb : allowed) list += (list.empty() ? "" : ", ") + verb;
  auto response = problem({Code::unsupported, fmt::format("{} is not possible on this address", name(request.method)),
                           fmt::format("Possible: {}.", list), ""},
                          405);
  response.headers.emplace("allow", list);
  return response;
}

}  // namespace

void Router::add(std::vector<Route> routes) {
  for (auto& route : routes) {
    patterns_.push_back(segments(route.pattern));
    routes_.push_back(std::move(route));
  }
}

Response Router::answer(Request& request) const {
  auto response = find_and_run(request);
  if (guard_) guard_->finish(request, response);
  return response;
}

Response Router::find_and_run(Request& request) const {
  const auto path = segments(request.raw_path.empty() ? request.path : request.raw_path);
  std::set<std::string> allowed;
  std::optional<std::size_t> best;
  std::string best_rank;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const auto rank = match(patterns_[i], path);
    if (!rank) continue;
    const bool rest = rank->back() == static_cast<char>(Kind::rest);
    if (!rest) allowed.insert(std::string(name(routes_[i].method)));
    const auto method = routes_[i].method;
    const bool fits = method == request.method || (method == Method::get && request.method == Method::head);
    if (fits && (!best || *rank < best_rank)) {
      best = i;
      best_rank = *rank;
    }
  }
  if (!allowed.empty() && (!best || best_rank.back() == static_cast<char>(Kind::rest)))
    return method_not_allowed(request, std::move(allowed));
  if (!best)
    return problem({Code::not_found, "there is nothing at this address", "/openapi.json lists the addresses.", ""});
  if (const auto filled = fill_captures(patterns_[*best], path, request); !filled) return problem(filled.error());
  if (guard_)
    if (const auto admitted = guard_->admit(routes_[*best], request); !admitted) return problem(admitted.error());
  // A page's address may carry whatever the page put there.
  if (best_rank.back() != static_cast<char>(Kind::rest))
    if (const auto right = check_query(routes_[*best].query, request); !right) return problem(right.error());
  return run(routes_[*best], request);
}

}  // namespace larmor::net
