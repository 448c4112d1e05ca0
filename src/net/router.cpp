#include <set>
#include <typeinfo>

#include "base/log.h"
#include "net/http.h"

namespace larmor::net {
namespace {

enum class Kind : char { word = 'a', capture = 'b', rest = 'c' };  // in order of preference

Kind kind(std::string_view segment) {
  if (segment.size() < 2 || segment.front() != '{' || segment.back() != '}') return Kind::word;
  return segment.size() > 5 && segment.substr(segment.size() - 4) == "...}" ? Kind::rest : Kind::capture;
}

using Path = std::vector<std::string_view>;

Path segments(std::string_view path) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  Path all;
  for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/')) {
    all.push_back(path.substr(0, end));
    path.remove_prefix(end + 1);
  }
  all.push_back(path);
  return all;
}

bool takes_rest(const Pattern& pattern) {
  return pattern.rank.back() == static_cast<char>(Kind::rest);
}

bool matches(const Pattern& pattern, const Path& path) {
  for (std::size_t i = 0; i < pattern.rank.size(); ++i) {
    const auto what = static_cast<Kind>(pattern.rank[i]);
    if (what == Kind::rest) return true;
    if (i >= path.size() || (what == Kind::word ? path[i] != pattern.segments[i] : path[i].empty())) return false;
  }
  return pattern.rank.size() == path.size();
}

Result<void> fill_captures(const Pattern& pattern, const Path& path, Request& request) {
  request.captured.clear();
  for (std::size_t i = 0; i < pattern.rank.size(); ++i) {
    const auto what = static_cast<Kind>(pattern.rank[i]);
    const auto& segment = pattern.segments[i];
    if (what == Kind::word) continue;
    if (what == Kind::capture) {
      request.captured[segment.substr(1, segment.size() - 2)] = TRY(decode(path[i]));
      continue;
    }
    std::string rest;
    for (auto j = i; j < path.size(); ++j) rest += (j == i ? "" : "/") + TRY(decode(path[j]));
    request.captured[segment.substr(1, segment.size() - 5)] = rest;
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

Response method_not_allowed(const Request& request, std::set<std::string_view> allowed) {
  if (allowed.count("GET") > 0) allowed.insert("HEAD");
  std::string list;
  for (const auto verb : allowed) list.append(list.empty() ? "" : ", ").append(verb);
  auto response = problem({Code::unsupported, fmt::format("{} is not possible on this address", name(request.method)),
                           fmt::format("Possible: {}.", list), ""},
                          405);
  response.headers.emplace("allow", list);
  return response;
}

}  // namespace

void Router::add(std::vector<Route> routes) {
  for (auto& route : routes) {
    Pattern pattern;
    for (const auto segment : segments(route.pattern)) {
      pattern.segments.emplace_back(segment);
      pattern.rank += static_cast<char>(kind(segment));
    }
    patterns_.push_back(std::move(pattern));
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
  const auto method = request.method == Method::head ? Method::get : request.method;
  std::set<std::string_view> others;  ///< verbs that this address knows
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!matches(patterns_[i], path)) continue;
    if (routes_[i].method == method && (!best || patterns_[i].rank < patterns_[*best].rank))
      best = i;
    else if (!takes_rest(patterns_[i]))
      others.insert(name(routes_[i].method));
  }
  if (!others.empty() && (!best || takes_rest(patterns_[*best]))) return method_not_allowed(request, std::move(others));
  if (!best)
    return problem({Code::not_found, "there is nothing at this address", "/openapi.json lists the addresses.", ""});
  if (const auto filled = fill_captures(patterns_[*best], path, request); !filled) return problem(filled.error());
  if (guard_)
    if (const auto admitted = guard_->admit(routes_[*best], request); !admitted) return problem(admitted.error());
  // A page's address may carry whatever the page put there.
  if (!takes_rest(patterns_[*best]))
    if (const auto right = check_query(routes_[*best].query, request); !right)
      return problem(right.error(), routes_[*best].bad_query);
  return run(routes_[*best], request);
}

}  // namespace larmor::net
