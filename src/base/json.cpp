#include "base/json.h"

namespace larmor {

Result<Json> parse_json(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    return fail(Code::invalid, "not valid JSON at byte {}: {}", e.byte, e.what());
  }
}

Json to_problem(const Error& e) {
  const auto& r = row(e.code);
  Json problem = {{"type", fmt::format("urn:larmor:problem:{}", r.name)},
                  {"title", r.name},
                  {"status", r.http},
                  {"detail", e.what}};
  if (!e.hint.empty()) problem["hint"] = e.hint;
  if (!e.field.empty()) problem["pointer"] = e.field;
  return problem;
}

Error from_problem(const Json& problem, int http_status) {
  const auto text = [&](const char* name) {
    return problem.is_object() && problem.contains(name) && problem[name].is_string() ? problem[name].get<std::string>()
                                                                                      : std::string();
  };
  if (text("title").empty())
    return {http_status == 401   ? Code::unauthenticated
            : http_status == 403 ? Code::forbidden
            : http_status == 404 ? Code::not_found
            : http_status >= 500 ? Code::unavailable
                                 : Code::invalid,
            fmt::format("the peer answered HTTP {}", http_status),
            {},
            {}};
  return {code_from_name(text("title")), text("detail"), text("hint"), text("pointer")};
}

}  // namespace larmor
