#include "dicom/data/json.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "base/base64.h"
#include "dicom/data/deflated.h"
#include "dicom/data/json_text.h"
#include "dicom/data/text.h"
#include "dicom/data/vr.h"

namespace larmor::dicom {
namespace {

constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr Tag kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD, kRows = 0x00280010,
              kBitsAllocated = 0x00280100, kPixelRepresentation = 0x00280103;
constexpr std::uint32_t kLongestValue = 64 << 10;
constexpr int kDeepest = 16;

std::string_view trimmed(std::string_view text) {
  text = without_padding(text);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

/// Empty components at the end say nothing.
std::string_view without_carets(std::string_view name) {
  return name.substr(0, name.find_last_not_of("^ ") + 1);
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) > 0x1B; });
}

/// Elements and items, one after another; every method is false where something is not understood.
class Writer {
 public:
  Writer(Bytes bytes, bool explicit_vr, std::string_view bulk) : bytes_(bytes), explicit_(explicit_vr), bulk_(bulk) {
    json_.text.reserve(bytes.size() * 3);
  }

  bool data_set() {
    std::size_t at = 0;
    return item(at, bytes_.size(), false, "", "") && at == bytes_.size();
  }
  HeaderJson json() { return std::move(json_); }

 private:
  struct Element {
    Tag tag = 0;
    const Vr* vr = nullptr;
    std::uint32_t length = 0;
  };
  using Creators = std::map<Tag, std::string>;  ///< by group and block, of one item

  template <class Number>
  Number number(std::size_t at) const {
    Number value;
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }
  std::string_view text(std::size_t at, std::size_t length) const { return as_text(bytes_.subspan(at, length)); }

  bool head(std::size_t& at, std::size_t end, Creators& creators, Element& e) const {
    if (end - at < 8) return false;
    e.tag = static_cast<Tag>(number<std::uint16_t>(at)) << 16 | number<std::uint16_t>(at + 2);
    e.length = number<std::uint32_t>(at + 4);
    e.vr = nullptr;
    if (e.tag >> 16 == 0xFFFE) return at += 8, true;
    if (!explicit_) return e.vr = implicit_vr(e.tag, creators), at += 8, e.vr != nullptr;
    e.vr = find_vr(text(at + 4, 2));
    if (!e.vr) return false;
    e.length = number<std::uint16_t>(at + 6);
    if (!e.vr->long_head) return at += 8, true;
    if (end - at < 12) return false;
    e.length = number<std::uint32_t>(at + 8);
    if (e.vr->name == "UN") e.vr = known_vr(e);
    return at += 12, e.vr != nullptr;
  }

  /// A writer of UN did not know what the dictionary may (PS3.5 6.2.2); null for a sequence, whose items are implicit.
  static const Vr* known_vr(const Element& e) {
    const auto* known = (e.tag >> 16) % 2 == 0 ? dictionary_vr(e.tag, "") : nullptr;
    if (known && known->form == Form::items) return nullptr;
    return known ? known : e.vr;
  }

  static const Vr* implicit_vr(Tag tag, const Creators& creators) {
    if ((tag & 0xFFFF) == 0) return find_vr("UL");
    if ((tag >> 16) % 2 == 0) return dictionary_vr(tag, "");
    if ((tag & 0xFFFF) >= 0x10 && (tag & 0xFFFF) <= 0xFF) return find_vr("LO");
    const auto creator = creators.find(tag >> 8);
    return creator == creators.end() ? find_vr("UN") : dictionary_vr(tag, creator->second);
  }

  /// `delimited`: until its delimiter, which is passed; otherwise up to `end`.
  bool item(std::size_t& at, std::size_t end, bool delimited, std::string charset, const std::string& path) {
    if (++depth_ > kDeepest) return false;
    auto& out = json_.text;
    Creators creators;
    Tag last = 0;
    out += '{';
    while (at < end) {
      Element e;
      if (!head(at, end, creators, e)) return false;
      if (delimited && e.tag == kItemEnd) break;
      if (!e.vr || e.tag <= last) return false;
      const bool open = e.length == kUndefined;
      if (open ? e.vr->form != Form::items : e.length > end - at) return false;
      last = e.tag;
      const auto value = at;
      if ((e.tag & 0xFFFF) == 0) {  // a group's length is nobody's business (PS3.18 F.2.2)
        at += e.length;
        continue;
      }
      if (out.back() != '{') out += ',';
      if (e.vr->form == Form::items) {
        if (!sequence(e, at, open ? end : at + e.length, open, charset, path)) return false;
        continue;
      }
      at += e.length;
      if ((e.tag >> 16) % 2 == 1 && (e.tag & 0xFFFF) <= 0xFF)
        creators[e.tag >> 16 << 8 | (e.tag & 0xFF)] = trimmed(text(value, e.length));
      if (e.tag == tag::kSpecificCharacterSet) charset = trimmed(text(value, e.length));
      if (depth_ == 1) note_image(e, value);
      if (!element(e, value, charset, path)) return false;
    }
    --depth_;
    out += '}';
    return true;
  }

  void note_image(const Element& e, std::size_t at) {
    rows_ |= e.tag == kRows;
    if (e.tag == kPixelRepresentation) json_.real = false;
    if (e.tag != kBitsAllocated || e.length < 2) return;
    json_.image = rows_;
    json_.bits = number<std::uint16_t>(at);
    json_.real = json_.bits == 32 || json_.bits == 64;
  }

  void begin(const Element& e) {
    auto& out = json_.text;
    out += '"';
    append_hex(out, e.tag);
    out += "\":{\"vr\":\"";
    out += e.vr->name;
    out += '"';
  }

  bool sequence(const Element& e, std::size_t& at, std::size_t end, bool open, const std::string& charset,
                const std::string& path) {
    begin(e);
    auto& out = json_.text;
    for (int count = 1;; ++count) {
      if (!open && at == end) break;
      if (end - at < 8) return false;
      const auto tag = static_cast<Tag>(number<std::uint16_t>(at)) << 16 | number<std::uint16_t>(at + 2);
      const auto length = number<std::uint32_t>(at + 4);
      at += 8;
      if (open && tag == kSequenceEnd) break;
      if (tag != kItem || (length != kUndefined && length > end - at)) return false;
      out += count == 1 ? ",\"Value\":[" : ",";
      const bool delimited = length == kUndefined;
      const auto inside = fmt::format("{}{:08X}.{}.", path, e.tag, count);
      if (!item(at, delimited ? end : at + length, delimited, charset, inside)) return false;
    }
    if (out.back() != '"') out += ']';
    out += '}';
    return true;
  }

  bool element(Element e, std::size_t at, const std::string& charset, const std::string& path) {
    const bool declares = e.tag == tag::kSpecificCharacterSet && !charset.empty();
    if (declares) e.vr = find_vr("CS");
    auto& out = json_.text;
    begin(e);
    if (!in_own_charset(*e.vr) && (e.length > kLongestValue || e.tag >> 16 >= 0x7FE0)) {
      out += ",\"BulkDataURI\":";
      append_quoted(out, fmt::format("{}{}{:08X}", bulk_, path, e.tag));
    } else if (declares) {
      out += ",\"Value\":[\"ISO_IR 192\"]";
    } else if (!value(e, at, charset)) {
      return false;
    }
    out += '}';
    return true;
  }

  bool value(const Element& e, std::size_t at, const std::string& charset) {
    auto& out = json_.text;
    switch (e.vr->form) {
      case Form::binary:
        if (e.length == 0) return true;
        out += ",\"InlineBinary\":\"";
        out += to_base64(as_text(bytes_.subspan(at, e.length)));
        out += '"';
        return true;
      case Form::uint16:
        return numbers<std::uint16_t>(e, at);
      case Form::int16:
        return numbers<std::int16_t>(e, at);
      case Form::uint32:
        return numbers<std::uint32_t>(e, at);
      case Form::int32:
        return numbers<std::int32_t>(e, at);
      case Form::uint64:
        return numbers<std::uint64_t>(e, at);
      case Form::int64:
        return numbers<std::int64_t>(e, at);
      case Form::real32:
        return numbers<float>(e, at);
      case Form::real64:
        return numbers<double>(e, at);
      case Form::tags:
        return tags(e, at);
      case Form::items:
        return false;
      case Form::text:
      case Form::strings:
      case Form::person:
      case Form::whole:
      case Form::decimal:
        return texts(e, text(at, e.length), charset);
    }
    return false;
  }

  template <class Number>
  bool numbers(const Element& e, std::size_t at) {
    auto& out = json_.text;
    if (e.length % sizeof(Number) != 0) return false;
    for (std::size_t i = 0; i < e.length; i += sizeof(Number)) {
      const auto value = number<Number>(at + i);
      if constexpr (std::is_floating_point_v<Number>)
        if (!std::isfinite(value)) return false;
      out += i == 0 ? ",\"Value\":[" : ",";
      fmt::format_to(std::back_inserter(out), "{}", value);
    }
    if (e.length > 0) out += ']';
    return true;
  }

  bool tags(const Element& e, std::size_t at) {
    auto& out = json_.text;
    if (e.length % 4 != 0) return false;
    for (std::size_t i = 0; i < e.length; i += 4)
      fmt::format_to(std::back_inserter(out), "{}\"{:04X}{:04X}\"", i == 0 ? ",\"Value\":[" : ",",
                     number<std::uint16_t>(at + i), number<std::uint16_t>(at + i + 2));
    if (e.length > 0) out += ']';
    return true;
  }

  bool texts(const Element& e, std::string_view raw, const std::string& charset) {
    auto& out = json_.text;
    std::string converted;
    if (!is_plain(raw))
      raw = converted = to_utf8(raw, in_own_charset(*e.vr) ? charset : "", e.vr->form == Form::person);
    if (trimmed(e.vr->form == Form::person ? without_carets(raw) : raw).empty()) return true;
    out += ",\"Value\":[";
    if (e.vr->form == Form::text) {
      append_quoted(out, without_padding(raw));
    } else {
      for (bool first = true;; first = false) {
        const auto end = raw.find('\\');
        if (!first) out += ',';
        if (!one(*e.vr, trimmed(raw.substr(0, end)))) return false;
        if (end == std::string_view::npos) break;
        raw.remove_prefix(end + 1);
      }
    }
    out += ']';
    return true;
  }

  bool one(const Vr& vr, std::string_view value) {
    auto& out = json_.text;
    if (value.empty()) return out += "null", true;
    if (vr.form == Form::whole) return append_number<std::int64_t>(out, value);
    if (vr.form == Form::decimal) return append_number<double>(out, value);
    if (vr.form == Form::person) return person(value);
    append_quoted(out, value);
    return true;
  }

  /// PS3.18 F.2.2: component groups by name.
  bool person(std::string_view value) {
    auto& out = json_.text;
    char before = '{';
    for (const std::string_view group : {"Alphabetic", "Ideographic", "Phonetic"}) {
      const auto end = value.find('=');
      if (const auto part = without_carets(value.substr(0, end)); !part.empty()) {
        fmt::format_to(std::back_inserter(out), "{}\"{}\":", before, group);
        append_quoted(out, part);
        before = ',';
      }
      value.remove_prefix(end == std::string_view::npos ? value.size() : end + 1);
    }
    out += before == '{' ? "null" : "}";
    return value.empty();
  }

  const Bytes bytes_;
  const bool explicit_;
  const std::string_view bulk_;
  HeaderJson json_;
  bool rows_ = false;
  int depth_ = 0;
};

}  // namespace

std::optional<HeaderJson> header_json(Bytes head, const Header& scanned, std::string_view bulk) {
  constexpr std::string_view kBigEndian = "1.2.840.10008.1.2.2";
  const auto syntax = scanned.transfer_syntax;
  if (syntax == kBigEndian || syntax == kDeflatedSyntax) return std::nullopt;
  if (scanned.end != End::pixel_data && scanned.end != End::data_set) return std::nullopt;
  const auto end = scanned.end == End::pixel_data ? scanned.pixels_at : head.size();
  if (scanned.data_set_at > end || end > head.size()) return std::nullopt;
  const auto data_set = head.subspan(scanned.data_set_at, end - scanned.data_set_at);
  // The writer's word about its transfer syntax is sometimes wrong.
  const bool explicit_vr = data_set.size() >= 6 && find_vr(as_text(data_set.subspan(4, 2)));
  Writer writer(data_set, explicit_vr, bulk);
  return writer.data_set() ? std::optional(writer.json()) : std::nullopt;
}

}  // namespace larmor::dicom
