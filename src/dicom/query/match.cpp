#include "dicom/query/match.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "dicom/data/date.h"
#include "dicom/data/number.h"
#include "dicom/data/uid.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kMostValues = 1000, kLongestValue = 1024;

/// Greedy with one step back to the last asterisk: linear but for patterns that nobody writes. Bytes above 0x7F that
/// continue a letter are not counted as letters of their own.
bool glob(std::string_view pattern, std::string_view text) {
  const auto letter = [&](std::size_t at) {
    std::size_t n = 1;
    while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0) == 0x80) ++n;
    return n;
  };
  std::size_t p = 0, t = 0, star = std::string_view::npos, back = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      back = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += letter(t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      back += letter(back);
      t = back;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool has_wildcards(std::string_view value) {
  return value.find_first_of("*?") != std::string_view::npos;
}

/// Empty components at the end of a name say nothing (PS3.5 6.2.1).
std::string_view without_empty_end(std::string_view name) {
  while (!name.empty() && (name.back() == '^' || name.back() == '=' || name.back() == ' ')) name.remove_suffix(1);
  return name;
}

std::vector<std::string> words(std::string_view name) {
  std::vector<std::string> found(1);
  for (const char c : name) {
    if (std::string_view(" ^=,.-\\*?").find(c) == std::string_view::npos)
      found.back() += c;
    else if (!found.back().empty())
      found.emplace_back();
  }
  if (found.back().empty()) found.pop_back();
  return found;
}

/// ACR-NEMA wrote 2026.01.31 (PS3.5 6.2, note).
std::string plain_date(std::string_view text) {
  std::string date(trim(text));
  std::erase(date, '.');
  return date;
}

/// One bound of a range; empty stays open.
std::optional<std::string> bound(Matching matching, std::string_view text, char fill) {
  text = trim(text);
  if (text.empty()) return std::string();
  if (matching == Matching::time) {
    auto time = whole_time(text, fill);
    return time.empty() ? std::nullopt : std::optional(std::move(time));
  }
  auto date = plain_date(text);
  return day_of(date) ? std::optional(std::move(date)) : std::nullopt;
}

std::optional<Range> range_of(Matching matching, std::string_view text) {
  const auto dash = text.find('-');
  const auto from = bound(matching, text.substr(0, dash), '0');
  const auto to = bound(matching, dash == std::string_view::npos ? text : text.substr(dash + 1), '9');
  if (!from || !to || (from->empty() && to->empty())) return std::nullopt;
  return Range{*from, *to, dash == std::string_view::npos};
}

std::string_view expected(Matching matching) {
  switch (matching) {
    case Matching::date:
      return "a date is YYYYMMDD, a range YYYYMMDD-YYYYMMDD, either end may be left out";
    case Matching::time:
      return "a time is HHMMSS.FFFFFF or its beginning, a range has a hyphen between two";
    case Matching::uids:
      return "a UID has up to 64 digits and dots; several are separated by commas or backslashes";
    case Matching::number:
      return "a whole number is expected";
    default:
      return "it is only returned and cannot be asked for";
  }
}

}  // namespace

std::string fold(std::string_view utf8) {
  const bool ascii = std::all_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) {
    std::string lower(utf8);
    for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
    return lower;
  }
  utf8proc_uint8_t* folded = nullptr;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                 static_cast<utf8proc_ssize_t>(utf8.size()), &folded, options);
  if (size < 0) return std::string(utf8);
  std::string text(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size));
  std::free(folded);  // NOLINT(cppcoreguidelines-no-malloc): the library's own way
  return text;
}

std::string whole_time(std::string_view time, char fill) {
  std::string digits(trim(time));
  std::erase(digits, ':');
  const auto dot = digits.find('.');
  if (dot != std::string::npos && dot != 6) return {};
  if (dot != std::string::npos) digits.erase(dot, 1);
  if (digits.size() > 12 || digits.size() < 2 || (digits.size() < 6 && digits.size() % 2 != 0)) return {};
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return {};
  if (digits.substr(0, 2) > "23" || (digits.size() >= 4 && digits.substr(2, 2) > "59") ||
      (digits.size() >= 6 && digits.substr(4, 2) > "60"))
    return {};
  static constexpr std::string_view kLast = "235959999999";
  while (digits.size() < 12) digits += fill == '0' ? '0' : kLast[digits.size()];
  return digits;
}

Result<Matcher> Matcher::make(const Attribute& attribute, const std::string& value, bool fuzzy) {
  Matcher m(attribute, fuzzy);
  const auto wrong = [&](std::string_view part) {
    return fail_with({Code::invalid, fmt::format("'{}' is no value for {}", part, attribute.keyword),
                      std::string(expected(attribute.matching)), std::string(attribute.keyword)});
  };
  m.universal_ = value.find_first_not_of(attribute.matching == Matching::uids ? " " : " *") == std::string::npos;
  if (m.universal_) return m;
  if (m.matching_ == Matching::none || m.matching_ == Matching::sequence) return wrong(value.substr(0, 64));
  auto text = value;
  if (m.matching_ == Matching::uids) std::replace(text.begin(), text.end(), ',', '\\');
  const auto parts = split(text, '\\');
  if (parts.size() > kMostValues || (m.matching_ != Matching::uids && text.size() > kLongestValue))
    return fail_with({Code::invalid,
                      fmt::format("{} has more than {} values or is longer than {} bytes", attribute.keyword,
                                  kMostValues, kLongestValue),
                      "", std::string(attribute.keyword)});
  for (const auto& raw : parts) {
    const auto part = std::string(trim(raw));
    if (part.empty()) continue;
    switch (m.matching_) {
      case Matching::date:
      case Matching::time: {
        const auto range = range_of(m.matching_, part);
        if (!range) return wrong(part);
        m.ranges_.push_back(*range);
        break;
      }
      case Matching::uids:
        if (!is_uid(part)) return wrong(part);
        m.values_.push_back(part);
        break;
      case Matching::number:
        if (!number_of<double>(part)) return wrong(part);
        m.values_.push_back(part);
        break;
      case Matching::name:
        if (m.fuzzy_)
          for (auto& word : words(fold(part))) m.values_.push_back(std::move(word));
        else
          m.values_.push_back(fold(without_empty_end(part)));
        break;
      default:
        m.values_.push_back(part);
    }
  }
  const bool text_like = m.matching_ == Matching::text || (m.matching_ == Matching::name && !m.fuzzy_);
  m.wildcards_ = text_like && std::any_of(m.values_.begin(), m.values_.end(), has_wildcards);
  m.universal_ = m.values_.empty() && m.ranges_.empty();
  return m;
}

bool Matcher::matches(std::string_view stored) const {
  if (universal_) return true;
  if (matching_ == Matching::name) return matches_name(stored);
  for (;;) {
    const auto end = std::min(stored.find('\\'), stored.size());
    if (matches_one(trim(stored.substr(0, end)))) return true;
    if (end == stored.size()) return false;
    stored.remove_prefix(end + 1);
  }
}

/// The whole name, or one of its three writings (alphabetic, ideographic, phonetic).
bool Matcher::matches_name(std::string_view stored) const {
  const auto folded = fold(without_empty_end(stored));
  if (fuzzy_) {
    const auto there = words(folded);
    return std::all_of(values_.begin(), values_.end(), [&](const std::string& asked) {
      return std::any_of(there.begin(), there.end(), [&](const std::string& word) { return word.starts_with(asked); });
    });
  }
  auto groups = split(folded, '=');
  groups.push_back(folded);
  return std::any_of(values_.begin(), values_.end(), [&](const std::string& asked) {
    return std::any_of(groups.begin(), groups.end(),
                       [&](const std::string& group) { return glob(asked, without_empty_end(group)); });
  });
}

bool Matcher::matches_one(std::string_view stored) const {
  const auto any_range = [this](const std::string& from, const std::string& to) {
    return !from.empty() && std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& r) {
      return (r.from.empty() || to >= r.from) && (r.to.empty() || from <= r.to);
    });
  };
  switch (matching_) {
    case Matching::date: {
      const auto date = plain_date(stored);
      return any_range(date, date);
    }
    case Matching::time: {
      const auto time = whole_time(stored, '0');
      return any_range(time, time);
    }
    case Matching::number: {
      const auto value = number_of<double>(stored);
      return value && std::any_of(values_.begin(), values_.end(),
                                  [&](const auto& asked) { return number_of<double>(asked) == value; });
    }
    case Matching::text:
      return std::any_of(values_.begin(), values_.end(), [&](const auto& asked) { return glob(asked, stored); });
    default:
      return std::find(values_.begin(), values_.end(), stored) != values_.end();
  }
}

}  // namespace larmor::dicom
