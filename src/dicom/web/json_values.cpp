#include "dicom/web/json_values.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "base/base64.h"
#include "base/number.h"

namespace larmor::dicom {
namespace {

/// Large whole numbers may come as strings (PS3.18 table F.2.3-1).
template <class Number>
bool append_whole(const Json& value, std::string& into) {
  std::optional<Number> number;
  if (value.is_string()) number = to_number<Number>(value.get_ref<const std::string&>());
  if (value.is_number_unsigned() && std::in_range<Number>(value.get<std::uint64_t>()))
    number = static_cast<Number>(value.get<std::uint64_t>());
  if (value.is_number_integer() && !value.is_number_unsigned() && std::in_range<Number>(value.get<std::int64_t>()))
    number = static_cast<Number>(value.get<std::int64_t>());
  if (number) append_little_endian(into, static_cast<std::make_unsigned_t<Number>>(*number));
  return number.has_value();
}

/// What JSON has no number for, infinity and NaN, comes as a string.
template <class Number, class Bits>
bool append_real(const Json& value, std::string& into) {
  Number number{};
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
  } else if (value.is_number()) {
    number = static_cast<Number>(value.get<double>());
  } else {
    return false;
  }
  append_little_endian(into, std::bit_cast<Bits>(number));
  return true;
}

bool append_tag(const Json& value, std::string& into) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  const auto tag = to_number<Tag>(text, 16);
  if (text.size() != 8 || !tag) return false;
  append_little_endian(into, static_cast<std::uint16_t>(*tag >> 16));
  append_little_endian(into, static_cast<std::uint16_t>(*tag));
  return true;
}

/// How one value of each binary form is appended, little endian; false where it is none.
struct Numbers {
  Form form;
  bool (*append)(const Json&, std::string&);
};
constexpr std::array kNumbers = {
    Numbers{Form::tags, append_tag},
    Numbers{Form::uint16, append_whole<std::uint16_t>},
    Numbers{Form::int16, append_whole<std::int16_t>},
    Numbers{Form::uint32, append_whole<std::uint32_t>},
    Numbers{Form::int32, append_whole<std::int32_t>},
    Numbers{Form::uint64, append_whole<std::uint64_t>},
    Numbers{Form::int64, append_whole<std::int64_t>},
    Numbers{Form::real32, append_real<float, std::uint32_t>},
    Numbers{Form::real64, append_real<double, std::uint64_t>},
};

/// Null for text, and for bytes.
const Numbers* numbers_of(const Vr& vr) {
  const auto* found =
      std::find_if(kNumbers.begin(), kNumbers.end(), [&](const auto& row) { return row.form == vr.form; });
  return found == kNumbers.end() ? nullptr : found;
}

constexpr std::size_t kLongestDecimal = 16;  // PS3.5 table 6.2-1, DS

/// As exact as a DS can be.
std::string decimal_text(double value) {
  auto text = fmt::format("{}", value);
  for (int digits = 16; text.size() > kLongestDecimal && digits > 0; --digits)
    text = fmt::format("{:.{}g}", value, digits);
  return text;
}

std::optional<std::string> text_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return decimal_text(value.get<double>());
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

/// "Alphabetic=Ideographic=Phonetic" (PS3.5 6.2.1.2).
std::optional<std::string> name_of(const Json& value) {
  if (!value.is_object()) return text_of(value);
  std::string name, between;
  for (const auto* group : {"Alphabetic", "Ideographic", "Phonetic"}) {
    const auto found = value.find(group);
    if (found != value.end() && !found->is_string()) return std::nullopt;
    if (found != value.end() && !found->get_ref<const std::string&>().empty()) {
      name += between + found->get<std::string>();
      between.clear();
    }
    between += '=';
  }
  return name;
}

Failure no_value(const Vr& vr, const Json& value) {
  return fail(Code::invalid, "{} is no value of {}",
              value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 40), vr.name);
}

Result<std::string> joined(const Vr& vr, const Json& values) {
  if (vr.form == Form::text && values.size() > 1)
    return fail(Code::invalid, "{} values are more than the one of {}", values.size(), vr.name);
  std::string all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto one = vr.form == Form::person ? name_of(values[i]) : text_of(values[i]);
    if (!one) return no_value(vr, values[i]);
    if (i > 0) all += '\\';
    all += *one;
  }
  return all;
}

Result<std::string> unpadded(const Vr& vr, const Json& element) {
  if (const auto inlined = element.find("InlineBinary"); inlined != element.end()) {
    if (vr.form != Form::binary || !inlined->is_string())
      return fail(Code::invalid, "InlineBinary is for text in base64 of OB, OD, OF, OL, OV, OW and UN");
    return from_base64(inlined->get_ref<const std::string&>());
  }
  const auto values = element.find("Value");
  if (values == element.end()) return std::string();
  if (!values->is_array()) return fail(Code::invalid, "Value is no array");
  if (vr.form == Form::binary) return fail(Code::invalid, "{} has InlineBinary or a BulkDataURI, no Value", vr.name);
  const auto* numbers = numbers_of(vr);
  if (!numbers) return joined(vr, *values);
  std::string all;
  for (const auto& value : *values)
    if (!numbers->append(value, all)) return no_value(vr, value);
  return all;
}

}  // namespace

char padding_of(const Vr& vr) {
  return vr.form == Form::binary || vr.name == "UI" || numbers_of(vr) ? '\0' : ' ';
}

Result<std::string> value_bytes(const Vr& vr, const Json& element) {
  auto value = TRY(unpadded(vr, element));
  if (value.size() % 2) value += padding_of(vr);
  return value;
}

std::string element_head(Tag tag, const Vr& vr, std::uint32_t length) {
  std::string head;
  append_little_endian(head, static_cast<std::uint16_t>(tag >> 16));
  append_little_endian(head, static_cast<std::uint16_t>(tag));
  head += vr.name;
  if (vr.long_head) {
    head += std::string_view("\0\0", 2);
    append_little_endian(head, length);
  } else {
    append_little_endian(head, static_cast<std::uint16_t>(length));
  }
  return head;
}

}  // namespace larmor::dicom
