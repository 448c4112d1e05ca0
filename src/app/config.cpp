#include "app/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "app/settings.h"
#include "base/file.h"
#include "base/text.h"

extern char** environ;

namespace larmor::app {
namespace {

constexpr std::string_view kRulesKey = "rules";  // belongs to workflow, which reads the file itself

Result<void> read_node(Settings& settings, const YAML::Node& node, const std::string& prefix, const std::string& file) {
  const auto origin = fmt::format("{}:{}", file, node.Mark().line + 1);
  if (node.IsMap()) {
    for (const auto& entry : node) {
      const auto key = entry.first.as<std::string>();
      if (prefix.empty() && key == kRulesKey) continue;
      CHECK_OK(read_node(settings, entry.second, prefix.empty() ? key : fmt::format("{}.{}", prefix, key), file));
    }
    return {};
  }
  if (node.IsNull()) return {};
  if (node.IsScalar()) return settings.set(prefix, {node.Scalar(), origin});
  std::string joined;
  for (const auto& item : node) {
    if (!item.IsScalar())
      return fail(Code::invalid, "{}: {} is a list of something that is not plain text", origin, prefix);
    joined += (joined.empty() ? "" : ",") + item.Scalar();
  }
  return settings.set(prefix, {joined, origin});
}

Result<void> read_yaml(Settings& settings, const std::filesystem::path& path) {
  const auto text = TRY(read_file(path, 1u << 20));
  try {
    const auto root = YAML::Load(text);
    if (root.IsNull()) return {};
    if (!root.IsMap()) return fail(Code::invalid, "{} does not hold `name: value` lines", path.string());
    return read_node(settings, root, "", path.string());
  } catch (const YAML::Exception& e) {
    return fail_with({Code::invalid,
                      fmt::format("{}:{}: {}", path.string(), e.mark.line + 1, e.msg),
                      "YAML wants spaces, not tabs, and the same depth for the keys of one block.",
                      {}});
  }
}

std::string environment_name(std::string_view setting) {
  std::string name = "LARMOR_";
  for (const char c : setting) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

Result<void> read_environment(Settings& settings, const std::vector<SettingRow>& rows) {
  for (const auto& row : rows) {
    const auto name = environment_name(row.name);
    if (const char* value = std::getenv(name.c_str()); value && row.name.find('*') == std::string_view::npos)
      CHECK_OK(settings.set(std::string(row.name), {value, name}));
  }
  return {};
}

std::vector<SettingRow> sorted_rows() {
  auto rows = all_rows();
  std::ranges::sort(rows, {}, &SettingRow::name);
  return rows;
}

std::string quoted(std::string_view value) {
  return value.empty() || value.find_first_of(":#,*&!{}[]") != std::string_view::npos ? fmt::format("\"{}\"", value)
                                                                                      : std::string(value);
}

}  // namespace

Result<Settings> load(const ConfigSource& source) {
  const auto rows = all_rows();
  Settings settings(rows);
  if (source.file) CHECK_OK(read_yaml(settings, *source.file));
  CHECK_OK(read_environment(settings, rows));
  for (const auto& text : source.overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos)
      return fail_with(
          {Code::invalid, fmt::format("--set {}: there is no '='", text), "Write --set import.port=11112.", {}});
    CHECK_OK(settings.set(text.substr(0, equals), {text.substr(equals + 1), "--set"}));
  }
  return settings;
}

Json settings_view(const Settings& settings) {
  static const std::map<SettingKind, std::string_view> kinds = {
      {SettingKind::text, "text"},       {SettingKind::boolean, "boolean"}, {SettingKind::integer, "integer"},
      {SettingKind::seconds, "seconds"}, {SettingKind::bytes, "bytes"},     {SettingKind::list, "list"}};
  Json items = Json::array();
  for (const auto& row : sorted_rows()) {
    Json item = {{"kind", kinds.at(row.kind)}, {"default", row.initial}, {"unit", row.unit},
                 {"restart", row.restart},     {"example", row.example}, {"why", row.why}};
    if (row.least != row.most) item.update({{"least", row.least}, {"most", row.most}});
    const auto add = [&](std::string name) {
      const auto given = settings.values().find(name);
      const bool here = given != settings.values().end();
      item.update({{"value", here ? given->second.text : std::string(row.initial)},
                   {"origin", here ? given->second.origin : ""},
                   {"name", std::move(name)}});
      items.push_back(item);
    };
    const auto star = row.name.find('*');
    if (star != std::string_view::npos)
      for (const auto& chosen : settings.chosen_names(row.name.substr(0, star)))
        add(fmt::format("{}{}{}", row.name.substr(0, star), chosen, row.name.substr(star + 1)));
    add(std::string(row.name));
  }
  return {{"items", std::move(items)}};
}

std::string sample_file() {
  std::string text = "# Every setting of Larmor with its default. All of them may be left out.\n";
  std::vector<std::string> open;
  for (const auto& row : sorted_rows()) {
    auto parts = split(row.name, '.');
    for (auto& part : parts)
      if (part == "*") part = "NAME";
    std::size_t shared = 0;
    while (shared < open.size() && shared + 1 < parts.size() && open[shared] == parts[shared]) ++shared;
    open.resize(shared);
    if (shared == 0) text += "\n";
    for (std::size_t depth = shared; depth + 1 < parts.size(); ++depth) {
      text += fmt::format("#{}{}:\n", std::string(2 * depth, ' '), parts[depth]);
      open.push_back(parts[depth]);
    }
    const std::string indent(2 * open.size(), ' ');
    std::string bounds = row.least != row.most
                             ? fmt::format(" {} to {}{}{}.", row.least, row.most, row.unit.empty() ? "" : " ", row.unit)
                             : "";
    text += fmt::format("#{}## {}{}\n#{}{}: {}\n", indent, row.why, bounds, indent, parts.back(),
                        quoted(row.initial.empty() ? row.example : row.initial));
  }
  return text;
}

Json settings_schema() {
  Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
               {"title", "Larmor's configuration"},
               {"type", "object"},
               {"additionalProperties", false},
               {"properties", {{"rules", {{"type", "array"}}}}}};
  for (const auto& row : all_rows()) {
    Json* at = &root;
    const auto parts = split(row.name, '.');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto& object = *at;
      object["type"] = "object";
      at = parts[i] == "*" ? &object["additionalProperties"] : &object["properties"][parts[i]];
      if (i + 1 < parts.size() && parts[i + 1] != "*" && !at->contains("additionalProperties"))
        (*at)["additionalProperties"] = false;
    }
    static const std::map<SettingKind, Json> types = {{SettingKind::text, "string"},
                                                      {SettingKind::boolean, "boolean"},
                                                      {SettingKind::integer, "integer"},
                                                      {SettingKind::seconds, "number"},
                                                      {SettingKind::bytes, Json::array({"string", "integer"})},
                                                      {SettingKind::list, Json::array({"string", "array"})}};
    (*at) = {{"type", types.at(row.kind)}, {"description", row.why}, {"default", row.initial}};
    if (row.least != row.most && row.kind != SettingKind::bytes) {
      (*at)["minimum"] = row.least;
      (*at)["maximum"] = row.most;
    }
  }
  return root;
}

}  // namespace larmor::app
