#pragma once
/// JSON values, and the pieces every codec needs: identifiers, times and errors.
#include <nlohmann/json.hpp>
#include <optional>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace larmor {

using Json = nlohmann::json;

/// Parses strictly; the error names the line and column.
Result<Json> parse_json(std::string_view);

/// The member as T. `invalid` with a JSON pointer in `field` when it is absent or of another type.
template <class T>
Result<T> member(const Json& object, const char* name) {
  const auto wrong = [&](std::string_view why) {
    return fail_with({Code::invalid, fmt::format("'{}' {}", name, why), "", fmt::format("/{}", name)});
  };
  if (!object.is_object() || !object.contains(name)) return wrong("is missing");
  try {
    return object.at(name).get<T>();
  } catch (const nlohmann::json::exception&) {
    return wrong(fmt::format("has the wrong type: {}", object.at(name).type_name()));
  }
}

/// The member as T, or `otherwise` when it is absent or null; a member of the wrong type is still `invalid`.
template <class T>
Result<T> member_or(const Json& object, const char* name, T otherwise) {
  if (!object.is_object() || !object.contains(name) || object.at(name).is_null()) return otherwise;
  return member<T>(object, name);
}

template <class Tag>
void to_json(Json& j, const Id<Tag>& id) {
  j = id.str();
}
template <class Tag>
void from_json(const Json& j, Id<Tag>& id) {
  id = Id<Tag>(j.get<std::string>());
}

/// RFC 9457 problem details: type, title, status, detail, and `pointer` for the field in question.
Json to_problem(const Error&);
Error from_problem(const Json&, int http_status);

}  // namespace larmor
