#include "base/setting.h"

#include <set>

#include "base/number.h"
#include "base/text.h"

namespace larmor {
namespace {

std::string with_choice(std::string_view pattern, std::string_view chosen) {
  std::string name(pattern);
  if (const auto star = name.find('*'); star != std::string::npos) name.replace(star, 1, chosen);
  return name;
}

bool fits(std::string_view pattern, std::string_view name) {
  const auto want = split(pattern, '.'), have = split(name, '.');
  if (want.size() != have.size()) return false;
  for (std::size_t i = 0; i < want.size(); ++i)
    if (want[i] != "*" && want[i] != have[i]) return false;
  return true;
}

Result<double> parse_number(std::string_view text) {
  const auto value = to_number<double>(text);
  if (!value) return fail(Code::invalid, "'{}' is not a number", text);
  return *value;
}

Result<double> as_number(const SettingRow& row, std::string_view text) {
  if (row.kind == SettingKind::bytes) return static_cast<double>(TRY(parse_bytes(text)));
  const auto value = TRY(parse_number(text));
  if (row.kind == SettingKind::integer && value != static_cast<double>(static_cast<std::int64_t>(value)))
    return fail(Code::invalid, "'{}' is not a whole number", text);
  return value;
}

Result<void> check(const SettingRow& row, std::string_view text) {
  switch (row.kind) {
    case SettingKind::text:
    case SettingKind::list:
      return {};
    case SettingKind::boolean:
      if (text == "true" || text == "false") return {};
      return fail(Code::invalid, "'{}' is neither true nor false", text);
    default:
      break;
  }
  const auto value = TRY(as_number(row, text));
  if (row.least != row.most && (value < row.least || value > row.most))
    return fail(Code::invalid, "{} is outside {} to {}{}{}", text, row.least, row.most, row.unit.empty() ? "" : " ",
                row.unit);
  return {};
}

}  // namespace

Result<std::uint64_t> parse_bytes(std::string_view text) {
  if (text.empty()) return fail(Code::invalid, "'' is not a size; write 512M or 2G");
  const std::string_view suffixes = "KMGT";
  const auto power = suffixes.find(text.back());
  const auto digits = power == std::string_view::npos ? text : text.substr(0, text.size() - 1);
  const auto value = parse_number(digits);
  if (!value || *value < 0) return fail(Code::invalid, "'{}' is not a size; write 512M or 2G", text);
  const double unit = power == std::string_view::npos ? 1 : static_cast<double>(std::uint64_t{1} << (10 * (power + 1)));
  return static_cast<std::uint64_t>(*value * unit);
}

const SettingRow* Settings::find(std::string_view name) const {
  for (const auto& row : rows_)
    if (fits(row.name, name)) return &row;
  return nullptr;
}

Result<void> Settings::set(const std::string& name, SettingValue value) {
  const auto* row = find(name);
  if (!row) {
    std::vector<std::string> known;
    for (const auto& r : rows_) known.emplace_back(r.name);
    const auto near = nearest(name, known);
    return fail_with({Code::invalid, fmt::format("{}: there is no setting '{}'", value.origin, name),
                      near ? fmt::format("Did you mean '{}'?", *near) : "`larmor settings` lists all of them.", name});
  }
  if (auto ok = check(*row, value.text); !ok)
    return fail_with(
        {Code::invalid, fmt::format("{}: {} {}", value.origin, name, ok.error().what), std::string(row->why), name});
  values_.insert_or_assign(name, std::move(value));
  return {};
}

std::string Settings::text(const SettingRow& row, std::string_view chosen) const {
  const auto found = values_.find(with_choice(row.name, chosen));
  return found == values_.end() ? std::string(row.initial) : found->second.text;
}

bool Settings::boolean(const SettingRow& row, std::string_view chosen) const {
  return text(row, chosen) == "true";
}

std::int64_t Settings::integer(const SettingRow& row, std::string_view chosen) const {
  return static_cast<std::int64_t>(as_number(row, text(row, chosen)).value_or(0));
}

Duration Settings::seconds(const SettingRow& row, std::string_view chosen) const {
  return Duration(static_cast<std::int64_t>(as_number(row, text(row, chosen)).value_or(0) * 1e6));
}

std::uint64_t Settings::bytes(const SettingRow& row, std::string_view chosen) const {
  return parse_bytes(text(row, chosen)).value_or(0);
}

std::vector<std::string> Settings::list(const SettingRow& row, std::string_view chosen) const {
  std::vector<std::string> items;
  for (const auto& item : split(text(row, chosen), ','))
    if (const auto word = trim(item); !word.empty()) items.emplace_back(word);
  return items;
}

std::vector<std::string> Settings::chosen_names(std::string_view prefix) const {
  std::set<std::string> names;
  for (const auto& [name, value] : values_)
    if (name.starts_with(prefix))
      names.insert(name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size()));
  return {names.begin(), names.end()};
}

bool Settings::given(const SettingRow& row, std::string_view chosen) const {
  return values_.contains(with_choice(row.name, chosen));
}

}  // namespace larmor
