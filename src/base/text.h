#pragma once
/// Small text tools that several parts need.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace larmor {

/// The candidate with the smallest edit distance (Levenshtein 1966), if it is near enough to be a slip of the keyboard.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// `word` matches `pattern` with `*` and `?`; letters compare without regard to case (ASCII).
bool matches_wildcard(std::string_view pattern, std::string_view word);

std::vector<std::string> split(std::string_view text, char at);
std::string_view trim(std::string_view);

}  // namespace larmor
