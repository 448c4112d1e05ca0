#include "services/processing/core/identity.h"

#include <array>

#include "base/text.h"

namespace larmor::processing {
namespace {

struct Letters {
  std::u32string_view accented;
  std::string_view plain;
};

/// By the letter under the accent: Latin-1, Latin Extended-A (U+00C0 to U+017F), modern Greek, and the Cyrillic yo.
constexpr std::array kAccented = {
    Letters{U"ÀÁÂÃÄÅàáâãäåĀāĂăĄą", "a"},
    Letters{U"ÇçĆćĈĉĊċČč", "c"},
    Letters{U"ÐðĎďĐđ", "d"},
    Letters{U"ÈÉÊËèéêëĒēĔĕĖėĘęĚě", "e"},
    Letters{U"ĜĝĞğĠġĢģ", "g"},
    Letters{U"ĤĥĦħ", "h"},
    Letters{U"ÌÍÎÏìíîïĨĩĪīĬĭĮįİı", "i"},
    Letters{U"Ĵĵ", "j"},
    Letters{U"Ķķĸ", "k"},
    Letters{U"ĹĺĻļĽľĿŀŁł", "l"},
    Letters{U"ÑñŃńŅņŇňŉŊŋ", "n"},
    Letters{U"ÒÓÔÕÖØòóôõöøŌōŎŏŐő", "o"},
    Letters{U"ŔŕŖŗŘř", "r"},
    Letters{U"ŚśŜŝŞşŠš", "s"},
    Letters{U"ŢţŤťŦŧ", "t"},
    Letters{U"ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲų", "u"},
    Letters{U"Ŵŵ", "w"},
    Letters{U"ÝýÿŶŷŸ", "y"},
    Letters{U"ŹźŻżŽž", "z"},
    Letters{U"Ææ", "ae"},
    Letters{U"Œœ", "oe"},
    Letters{U"ßẞ", "ss"},
    Letters{U"Þþ", "th"},
    Letters{U"Ĳĳ", "ij"},
    Letters{U"Άά", "α"},
    Letters{U"Έέ", "ε"},
    Letters{U"Ήή", "η"},
    Letters{U"ΊίΪϊΐ", "ι"},
    Letters{U"Όό", "ο"},
    Letters{U"ΎύΫϋΰ", "υ"},
    Letters{U"Ώώ", "ω"},
    Letters{U"ς", "σ"},
    Letters{U"Ёё", "е"},
};

struct Capitals {
  char32_t first, last;
  char32_t to_small;
};
constexpr std::array kCapitals = {Capitals{U'A', U'Z', 32}, Capitals{U'Α', U'Ω', 32}, Capitals{U'А', U'Я', 32},
                                  Capitals{U'Ѐ', U'Џ', 80}};

/// Signs outside of ASCII: no-break space, combining accents, general punctuation.
struct Signs {
  char32_t first, last;
};
constexpr std::array kSigns = {Signs{0xA0, 0xA0}, Signs{0x300, 0x36F}, Signs{0x2000, 0x206F}};

bool is_sign(char32_t c) {
  if (c < 0x80) return std::isalnum(static_cast<int>(c)) == 0;
  return std::any_of(kSigns.begin(), kSigns.end(), [&](const Signs& s) { return c >= s.first && c <= s.last; });
}

/// The next code point; what is no UTF-8 is taken for Latin-1, byte by byte.
char32_t next(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  char32_t code = first & (0x3F >> more);
  for (std::size_t i = 1; i <= more; ++i) {
    if (at + i >= text.size() || (byte(at + i) & 0xC0) != 0x80) return byte(at++);
    code = code << 6 | (byte(at + i) & 0x3F);
  }
  if (more == 0) code = first;
  at += more + 1;
  return code;
}

std::string plain_letter(char32_t c, std::string_view as_written) {
  for (const auto& row : kAccented)
    if (row.accented.find(c) != std::u32string_view::npos) return std::string(row.plain);
  for (const auto& row : kCapitals)
    if (c >= row.first && c <= row.last) {
      const char32_t small = c + row.to_small;
      if (small < 0x80) return {static_cast<char>(small)};
      return {static_cast<char>(0xC0 | small >> 6), static_cast<char>(0x80 | (small & 0x3F))};
    }
  return std::string(as_written);
}

/// The first group of a PN that is not empty (PS3.5 6.2.1.2): alphabetic, ideographic, phonetic.
std::string alphabetic(const std::string& name) {
  for (const auto& group : split(name, '='))
    if (!plain_name(group).empty()) return group;
  return "";
}

/// Family names agree, or the whole names where one of them was not split into components.
bool names_agree(const std::string& now, const std::string& earlier) {
  const auto a = alphabetic(now), b = alphabetic(earlier);
  const auto family_a = plain_name(split(a, '^').front()), family_b = plain_name(split(b, '^').front());
  return (!family_a.empty() && family_a == family_b) || plain_name(a) == plain_name(b);
}

bool differ(std::string_view a, std::string_view b) {
  a = trim(a), b = trim(b);
  return !a.empty() && !b.empty() && a != b;
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const auto from = at;
    const char32_t c = next(name, at);
    if (!is_sign(c)) out += plain_letter(c, name.substr(from, at - from));
  }
  return out;
}

std::optional<std::string> why_another_patient(const Identity& now, const Identity& earlier) {
  if (trim(now.id).empty()) return "cannot be found without a PatientID";
  if (trim(now.id) != trim(earlier.id)) return "has another PatientID";
  if (differ(now.issuer, earlier.issuer)) return "has a PatientID of another issuer";
  if (differ(now.birth_date, earlier.birth_date)) return "has another birth date";
  if (differ(now.sex, earlier.sex)) return "has another sex";
  const bool named = !alphabetic(now.name).empty(), named_before = !alphabetic(earlier.name).empty();
  if (named != named_before)
    return named ? "has no patient's name" : "has a patient's name, the study at hand has none";
  if (named && !names_agree(now.name, earlier.name)) return "has another family name";
  if (!named && (trim(now.birth_date).empty() || trim(earlier.birth_date).empty()))
    return "shares nothing but the PatientID: name and birth date are not known";
  return std::nullopt;
}

}  // namespace larmor::processing
