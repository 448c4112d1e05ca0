#include "net/openapi.h"

#include <set>

#include "base/text.h"

namespace larmor::net {
namespace {

bool is_media_type(const std::string& text) {
  return text.find('/') != std::string::npos;
}

bool is_capture(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::string inner(const std::string& segment) {
  return segment.substr(1, segment.size() - 2);
}

std::vector<std::string> segments(const std::string& pattern) {
  auto parts = split(pattern, '/');
  parts.erase(std::remove(parts.begin(), parts.end(), ""), parts.end());
  if (!parts.empty() && parts.front() == "v1") parts.erase(parts.begin());
  return parts;
}

Json reference(const std::string& schema) {
  return {{"$ref", "#/components/schemas/" + schema}};
}

/// "other.json#/$defs/x" -> "#/components/schemas/other/$defs/x"
Json with_component_references(Json schema) {
  if (schema.is_object()) {
    for (auto& [key, value] : schema.items()) {
      if (key != "$ref" || !value.is_string()) {
        value = with_component_references(value);
        continue;
      }
      const auto target = value.get<std::string>();
      const auto at = target.find(".json");
      if (at == std::string::npos) continue;
      const auto fragment = target.substr(at + 5);
      value = "#/components/schemas/" + target.substr(0, at) + (fragment.size() > 1 ? fragment.substr(1) : "");
    }
  } else if (schema.is_array()) {
    for (auto& item : schema) item = with_component_references(item);
  }
  return schema;
}

Json content(const std::string& what) {
  if (is_media_type(what)) return {{what, Json::object()}};
  return {{"application/json", {{"schema", reference(what)}}}};
}

std::string operation_id(const Route& route) {
  std::string id(name(route.method));
  std::transform(id.begin(), id.end(), id.begin(), [](unsigned char c) { return std::tolower(c); });
  for (auto segment : segments(route.pattern)) {
    if (is_capture(segment)) segment = "by_" + inner(segment);
    for (auto& c : segment)
      if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    id += "_" + segment;
  }
  return id;
}

Json parameters(const Route& route) {
  Json all = Json::array();
  for (const auto& segment : segments(route.pattern))
    if (is_capture(segment))
      all.push_back({{"name", inner(segment)}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  for (const auto& parameter : route.query) {
    auto schema = parameter.many ? Json{{"type", "array"}, {"items", parameter.schema}} : parameter.schema;
    all.push_back({{"name", parameter.name},
                   {"in", "query"},
                   {"description", parameter.summary},
                   {"required", parameter.required},
                   {"schema", std::move(schema)}});
  }
  return all;
}

Json operation(const Route& route) {
  const auto parts = segments(route.pattern);
  Json answer = {{"description", route.summary}};
  if (!route.answers.empty())
    answer["content"] = content(route.answers);
  else if (route.method == Method::get && route.status == 200)
    answer["content"] = {{"application/octet-stream", Json::object()}};
  if (route.status == 201) answer["headers"] = {{"Location", {{"schema", {{"type", "string"}}}}}};
  Json made = {{"operationId", operation_id(route)},
               {"summary", route.summary},
               {"x-larmor-scope", name(route.scope)},
               {"responses",
                {{std::to_string(route.status), answer}, {"default", {{"$ref", "#/components/responses/problem"}}}}}};
  if (!parts.empty()) made["tags"] = {parts.front()};
  if (auto list = parameters(route); !list.empty()) made["parameters"] = std::move(list);
  if (!route.takes.empty()) made["requestBody"] = {{"required", true}, {"content", content(route.takes)}};
  if (route.scope == Scope::peer) made["security"] = {{{"certificate", Json::array()}}};
  return made;
}

Json problem_schema() {
  const Json text = {{"type", "string"}};
  return {{"type", "object"},
          {"description", "Problem details (RFC 9457)"},
          {"properties",
           {{"type", text},
            {"title", text},
            {"status", {{"type", "integer"}}},
            {"detail", text},
            {"hint", text},
            {"pointer", text}}},
          {"required", {"type", "title", "status", "detail"}}};
}

}  // namespace

Json openapi(const std::vector<Route>& routes, const std::map<std::string, Json>& schemas, const std::string& version) {
  Json components = {{"problem", problem_schema()}};
  for (const auto& [name, schema] : schemas) {
    auto copy = with_component_references(schema);
    copy.erase("$id");  // references are meant within this document, not below the schema's own address
    copy.erase("$schema");
    components[name] = std::move(copy);
  }
  Json paths = Json::object();
  std::set<std::string> ids;
  for (const auto& route : routes) {
    if (route.pattern.find("...}") != std::string::npos) continue;
    std::string verb(name(route.method));
    std::transform(verb.begin(), verb.end(), verb.begin(), [](unsigned char c) { return std::tolower(c); });
    auto made = operation(route);
    const auto id = made["operationId"].get<std::string>();
    if (!ids.insert(id).second) made["operationId"] = id + "_unversioned";  // the like of it stands below /v1
    paths[route.pattern][verb] = std::move(made);
  }
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Larmor"},
            {"version", version},
            {"description",
             "A study arrives over DICOM, analyses run, findings go back. Times are RFC 3339 in UTC, identifiers "
             "are text, lists answer items and next."},
            {"license", {{"name", "Apache License 2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", {{{"url", "/"}}}},
          {"paths", std::move(paths)},
          {"components",
           {{"schemas", std::move(components)},
            {"responses",
             {{"problem",
               {{"description", "What went wrong, why, and what the reader can do"},
                {"content", {{"application/problem+json", {{"schema", reference("problem")}}}}}}}}},
            {"securitySchemes", {{"certificate", {{"type", "mutualTLS"}}}}}}}};
}

}  // namespace larmor::net
