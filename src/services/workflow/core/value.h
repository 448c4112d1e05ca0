#pragma once
/// What a rule wants a value to be: words with wildcards, or numbers. Pure.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace larmor::workflow {

struct Pattern {
  std::string text;  ///< with * and ?; letters of any case
};

struct Comparison {
  enum class Sign { less, less_equal, greater, greater_equal, equal, not_equal } sign = Sign::equal;
  double number = 0;
};

struct Range {
  double least = 0, most = 0;  ///< both inclusive
};

/// Fulfilled when one of the alternatives is.
struct Test {
  std::vector<std::variant<Pattern, Comparison, Range>> alternatives;
  std::string text;  ///< as written
};

/// "*t1*|*mprage*", ">= 20", "!= 3", "20..200", "MR". `invalid` where a comparison has no number.
Result<Test> parse_test(const std::string& text);

/// The alternative of the test that the value fulfils, as written; nothing if none does. An empty value fulfils no
/// pattern, so that "*" means: present.
std::optional<std::string> fulfils(const Test&, const std::string& value);

/// Is the test one plain word, which a value must be rather than match?
bool plain(const Test&);

}  // namespace larmor::workflow
