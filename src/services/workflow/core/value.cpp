#include "services/workflow/core/value.h"

#include "base/number.h"
#include "base/text.h"

namespace larmor::workflow {
namespace {

std::optional<double> number(std::string_view text) {
  return to_number<double>(trim(text));
}

struct SignRow {
  std::string_view text;
  Comparison::Sign sign;
};

// Longer signs first: "<=" must not be read as "<".
constexpr std::array kSigns = {
    SignRow{"<=", Comparison::Sign::less_equal}, SignRow{">=", Comparison::Sign::greater_equal},
    SignRow{"!=", Comparison::Sign::not_equal},  SignRow{"==", Comparison::Sign::equal},
    SignRow{"<", Comparison::Sign::less},        SignRow{">", Comparison::Sign::greater},
};

Result<std::variant<Pattern, Comparison, Range>> parse_one(std::string_view text) {
  for (const auto& row : kSigns) {
    if (!text.starts_with(row.text)) continue;
    if (const auto value = number(text.substr(row.text.size()))) return Comparison{row.sign, *value};
    return fail_with({Code::invalid, fmt::format("'{}' compares with no number", text), "Write it like '>= 20'.", ""});
  }
  if (const auto dots = text.find(".."); dots != std::string_view::npos) {
    const auto least = number(text.substr(0, dots)), most = number(text.substr(dots + 2));
    if (least && most && *least > *most)
      return fail_with(
          {Code::invalid, fmt::format("'{}' is an empty range", text), "The smaller number goes first.", ""});
    if (least && most) return Range{*least, *most};
  }
  return Pattern{std::string(text)};
}

bool compare(const Comparison& c, double value) {
  using enum Comparison::Sign;
  switch (c.sign) {
    case less:
      return value < c.number;
    case less_equal:
      return value <= c.number;
    case greater:
      return value > c.number;
    case greater_equal:
      return value >= c.number;
    case equal:
      return value == c.number;
    case not_equal:
      return value != c.number;
  }
  return false;
}

std::string sign_text(const Comparison& c) {
  for (const auto& row : kSigns)
    if (row.sign == c.sign) return fmt::format("{} {}", row.text, c.number);
  return {};
}

}  // namespace

Result<Test> parse_test(const std::string& text) {
  Test test{{}, std::string(trim(text))};
  if (test.text.empty())
    return fail_with({Code::invalid, "an empty value can never be met", "For 'present' write '*'.", ""});
  for (const auto& part : split(test.text, '|')) {
    const auto word = trim(part);
    if (word.empty())
      return fail_with({Code::invalid, fmt::format("'{}' has an empty alternative", test.text), "", ""});
    test.alternatives.push_back(TRY(parse_one(word)));
  }
  return test;
}

std::optional<std::string> fulfils(const Test& test, const std::string& value) {
  const auto word = trim(value);
  if (word.empty()) return std::nullopt;
  const auto measured = number(word);
  for (const auto& alternative : test.alternatives) {
    if (const auto* pattern = std::get_if<Pattern>(&alternative)) {
      if (matches_wildcard(pattern->text, word)) return pattern->text;
    } else if (const auto* comparison = std::get_if<Comparison>(&alternative)) {
      if (measured && compare(*comparison, *measured)) return sign_text(*comparison);
    } else if (const auto& range = std::get<Range>(alternative);
               measured && *measured >= range.least && *measured <= range.most) {
      return fmt::format("{}..{}", range.least, range.most);
    }
  }
  return std::nullopt;
}

bool plain(const Test& test) {
  const auto* only = test.alternatives.size() == 1 ? std::get_if<Pattern>(&test.alternatives[0]) : nullptr;
  return only && only->text.find_first_of("*?") == std::string::npos;
}

}  // namespace larmor::workflow
