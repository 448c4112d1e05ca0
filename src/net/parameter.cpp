#include "net/parameter.h"

#include "base/number.h"
#include "base/text.h"
#include "net/http.h"

namespace larmor::net {
namespace {

template <class T>
bool within(const Json& schema, const std::string& text) {
  const auto value = to_number<T>(text);
  return value && *value >= schema["minimum"].get<T>() && *value <= schema["maximum"].get<T>();
}

/// What is wrong with the value, in words that follow "the query parameter 'x' "; nothing where it is right.
std::optional<std::string> complaint(const Json& schema, const std::string& value) {
  const auto type = schema["type"].get<std::string>();
  const auto bounds = [&](std::string_view what) {
    return fmt::format("is not {} from {} to {}", what, schema["minimum"].get<double>(),
                       schema["maximum"].get<double>());
  };
  if (type == "integer" && !within<std::int64_t>(schema, value)) return bounds("a whole number");
  if (type == "number" && !within<double>(schema, value)) return bounds("a number");
  if (!schema.contains("enum")) return std::nullopt;
  const auto words = schema["enum"].get<std::vector<std::string>>();
  if (std::find(words.begin(), words.end(), value) != words.end()) return std::nullopt;
  const auto near = nearest(value, words);
  return fmt::format("is none of {}{}", fmt::join(words, ", "), near ? fmt::format("; did you mean '{}'?", *near) : "");
}

Failure refuse(const std::string& name, std::string_view complaint, std::string hint = "") {
  return fail_with({Code::invalid, fmt::format("the query parameter '{}' {}", name, complaint), std::move(hint), name});
}

Failure refuse_unknown(const std::string& name, const std::vector<Parameter>& rows) {
  std::vector<std::string> known;
  for (const auto& row : rows) known.push_back(row.name);
  const auto near = nearest(name, known);
  return refuse(name, "is not known here",
                near            ? fmt::format("Did you mean '{}'?", *near)
                : known.empty() ? "This address takes none."
                                : fmt::format("Known: {}.", fmt::join(known, ", ")));
}

}  // namespace

Result<void> Parameter::check(const Request& request) const {
  const auto [from, to] = request.query.equal_range(name);
  if (from == to && required) return refuse(name, "is missing");
  if (std::distance(from, to) > 1 && !many) return refuse(name, "may be given only once");
  for (auto one = from; one != to; ++one)
    if (const auto wrong = complaint(schema, one->second)) return refuse(name, *wrong);
  return {};
}

Text::Text(std::string name, std::string summary)
    : Parameter{std::move(name), std::move(summary), {{"type", "string"}}} {}

Result<std::optional<std::string>> Text::in(const Request& request) const {
  CHECK_OK(check(request));
  return request.parameter(name);
}

Texts::Texts(std::string name, std::string summary)
    : Parameter{std::move(name), std::move(summary), {{"type", "string"}}, false, true} {}

Result<std::vector<std::string>> Texts::in(const Request& request) const {
  CHECK_OK(check(request));
  std::vector<std::string> all;
  const auto [from, to] = request.query.equal_range(name);
  for (auto one = from; one != to; ++one) all.push_back(one->second);
  return all;
}

Word::Word(std::string name, std::vector<std::string> words, std::string summary)
    : Parameter{std::move(name), std::move(summary), {{"type", "string"}, {"enum", std::move(words)}}} {}

Result<std::optional<std::string>> Word::in(const Request& request) const {
  CHECK_OK(check(request));
  return request.parameter(name);
}

Whole::Whole(std::string name, std::int64_t least, std::int64_t most, std::int64_t otherwise, std::string summary)
    : Parameter{std::move(name),
                std::move(summary),
                {{"type", "integer"}, {"minimum", least}, {"maximum", most}, {"default", otherwise}}} {}

Result<std::int64_t> Whole::in(const Request& request) const {
  CHECK_OK(check(request));
  const auto text = request.parameter(name);
  return text ? *to_number<std::int64_t>(*text) : schema["default"].get<std::int64_t>();
}

Number::Number(std::string name, double least, double most, double otherwise, std::string summary)
    : Parameter{std::move(name),
                std::move(summary),
                {{"type", "number"}, {"minimum", least}, {"maximum", most}, {"default", otherwise}}} {}

Result<double> Number::in(const Request& request) const {
  CHECK_OK(check(request));
  const auto text = request.parameter(name);
  return text ? *to_number<double>(*text) : schema["default"].get<double>();
}

Result<void> check_query(const std::vector<Parameter>& rows, const Request& request) {
  // "{attribute}": any name; the handler judges
  const bool any = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.name.starts_with('{'); });
  for (const auto& [name, value] : request.query) {
    const auto is_it = [&name](const Parameter& row) { return row.name == name; };
    if (!any && std::none_of(rows.begin(), rows.end(), is_it)) return refuse_unknown(name, rows);
  }
  for (const auto& row : rows) CHECK_OK(row.check(request));
  return {};
}

}  // namespace larmor::net
