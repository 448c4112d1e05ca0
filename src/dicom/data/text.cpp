#include "dicom/data/text.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text.h"

namespace larmor::dicom {
namespace {

/// One character set of PS3.3 C.12.1.1.2, as it appears within ISO 2022 text and as iconv knows it.
struct Set {
  std::string_view number;  ///< of ISO_IR
  std::string_view escape;  ///< what selects it, without the ESC
  const char* encoding;     ///< iconv's name for bytes of this set
  bool right;               ///< invoked for bytes above 0x7F (G1); otherwise for those below (G0)
  int width = 1;            ///< bytes per character
};

constexpr Set kSets[] = {
    {"6", "(B", "ASCII", false},        {"100", "-A", "ISO-8859-1", true},  {"101", "-B", "ISO-8859-2", true},
    {"109", "-C", "ISO-8859-3", true},  {"110", "-D", "ISO-8859-4", true},  {"144", "-L", "ISO-8859-5", true},
    {"127", "-G", "ISO-8859-6", true},  {"126", "-F", "ISO-8859-7", true},  {"138", "-H", "ISO-8859-8", true},
    {"148", "-M", "ISO-8859-9", true},  {"203", "-b", "ISO-8859-15", true}, {"166", "-T", "TIS-620", true},
    {"13", ")I", "SHIFT_JIS", true},    {"14", "(J", "ASCII", false},       {"87", "$B", "EUC-JP", false, 2},
    {"159", "$(D", "EUC-JP", false, 2}, {"149", "$)C", "EUC-KR", true, 2},  {"58", "$)A", "EUC-CN", true, 2},
};
constexpr const Set* kAscii = &kSets[0];

/// iconv descriptors of this thread: opening one loads a table from disk.
class Converters {
 public:
  ~Converters() {
    for (auto& [name, descriptor] : open_) iconv_close(descriptor);
  }
  iconv_t to_utf8_from(const char* encoding) {
    for (auto& [name, descriptor] : open_)
      if (name == encoding) return descriptor;
    const auto descriptor = iconv_open("UTF-8", encoding);
    if (descriptor != reinterpret_cast<iconv_t>(-1)) open_.emplace_back(encoding, descriptor);
    return descriptor;
  }

 private:
  std::vector<std::pair<std::string, iconv_t>> open_;
};

/// False when a byte has no meaning in that encoding.
bool convert(const char* encoding, std::string bytes, std::string& out) {
  thread_local Converters converters;
  const auto descriptor = converters.to_utf8_from(encoding);
  if (descriptor == reinterpret_cast<iconv_t>(-1)) return false;
  iconv(descriptor, nullptr, nullptr, nullptr, nullptr);
  std::string converted(bytes.size() * 4, '\0');
  char *from = bytes.data(), *to = converted.data();
  std::size_t from_left = bytes.size(), to_left = converted.size();
  if (iconv(descriptor, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1)) return false;
  out.append(converted, 0, converted.size() - to_left);
  return true;
}

/// Letters that stand for a set when they follow an ESC, wherever in the text.
const Set* selected_by(std::string_view after_escape) {
  for (const auto& set : kSets)
    if (after_escape.starts_with(set.escape)) return &set;
  return nullptr;
}

/// "ISO_IR 100", "ISO 2022 IR 100", and how writers misspell them: the number at the end decides.
const Set* named(std::string_view term) {
  const auto digits = term.find_last_not_of("0123456789");
  const auto number = digits == std::string_view::npos ? std::string_view() : term.substr(digits + 1);
  if (term.find("IR") == std::string_view::npos) return nullptr;
  for (const auto& set : kSets)
    if (set.number == number) return &set;
  return nullptr;
}

/// ISO 2022 as DICOM uses it: the text starts, and after each delimiter starts again, in the first set that is
/// declared.
class Iso2022 {
 public:
  Iso2022(const std::vector<std::string>& terms, std::string_view delimiters) : delimiters_(delimiters) {
    for (const auto& term : terms)
      if (const auto* set = named(trim(term)); set && set->right && !first_right_) first_right_ = set;
    restart();
  }

  std::optional<std::string> decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] == '\x1b') {
        const auto* set = selected_by(text.substr(at + 1));
        if (!set) return std::nullopt;
        (set->right ? right_ : left_) = set;
        at += 1 + set->escape.size();
        continue;
      }
      const bool high = static_cast<unsigned char>(text[at]) >= 0x80;
      const auto* set = high ? right_ : left_;
      if (!set) return std::nullopt;
      auto end = at;
      while (end < text.size() && text[end] != '\x1b' && (static_cast<unsigned char>(text[end]) >= 0x80) == high) ++end;
      if (set->width == 1 && !high) end = std::min(end, text.find_first_of(delimiters_, at));
      if (end == at) {  // a delimiter
        out += text[at++];
        restart();
        continue;
      }
      if (!convert(set->encoding, as_iconv_wants(*set, text.substr(at, end - at)), out)) return std::nullopt;
      at = end;
    }
    return out;
  }

 private:
  void restart() {
    left_ = kAscii;
    right_ = first_right_;
  }

  /// The two-byte sets of the left half are, with their high bits set, those of EUC; JIS X 0212 has a prefix there.
  static std::string as_iconv_wants(const Set& set, std::string_view run) {
    if (set.width == 1 || set.right) return std::string(run);
    std::string bytes;
    for (std::size_t i = 0; i < run.size(); ++i) {
      if (set.number == "159" && i % 2 == 0) bytes += '\x8f';
      bytes += static_cast<char>(static_cast<unsigned char>(run[i]) | 0x80);
    }
    return bytes;
  }

  std::string_view delimiters_;
  const Set* first_right_ = nullptr;
  const Set *left_ = nullptr, *right_ = nullptr;
};

/// ASCII without escape sequences means the same in every set (but for the overline of ISO_IR 13, which names do
/// without).
bool is_plain(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b'; });
}

std::string from_latin1(std::string_view value) {
  std::string text;
  convert("ISO-8859-1", std::string(value), text);
  return text;
}

std::optional<std::string> as_declared(std::string_view value, std::string_view charset, bool person) {
  const auto terms = split(charset, '\\');
  const auto first = trim(terms.front());
  std::string out;
  if (first == "GB18030" || first == "GBK")
    return convert(first == "GBK" ? "GBK" : "GB18030", std::string(value), out) ? std::optional(out) : std::nullopt;
  if (first == "ISO_IR 192") return is_utf8(value) ? std::optional(std::string(value)) : std::nullopt;
  return Iso2022(terms, person ? "\\^=" : "\\\r\n\f\t").decode(value);
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80                   ? 0
                             : lead >= 0xC2 && lead < 0xE0 ? 1
                             : lead >= 0xE0 && lead < 0xF0 ? 2
                             : lead >= 0xF0 && lead < 0xF5 ? 3
                                                           : 9;
    if (more > 3 || i + more >= text.size()) return false;
    std::uint32_t point = more == 0 ? lead : lead & (0x3F >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3F);
    }
    if ((more == 2 && point < 0x800) || (more == 3 && (point < 0x10000 || point > 0x10FFFF)) ||
        (point >= 0xD800 && point < 0xE000))
      return false;
    i += more + 1;
  }
  return true;
}

std::string to_utf8(std::string_view value, std::string_view charset, bool person) {
  if (is_plain(value)) return std::string(value);
  if (auto text = as_declared(value, charset, person); text && is_utf8(*text)) return *text;
  return is_utf8(value) ? std::string(value) : from_latin1(value);
}

}  // namespace larmor::dicom
