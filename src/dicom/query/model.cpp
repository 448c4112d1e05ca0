#include "dicom/query/model.h"

#include "base/number.h"
#include "base/text.h"
#include "dicom/data/json_text.h"

namespace larmor::dicom {
namespace {

constexpr std::array<const char*, 3> kGroups = {"Alphabetic", "Ideographic", "Phonetic"};

void append_text(std::string& out, std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii)
    append_quoted(out, text);
  else
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_name(std::string& out, std::string_view value) {
  out += '{';
  for (const auto* group : kGroups) {
    const auto text = value.substr(0, value.find('='));
    value.remove_prefix(std::min(value.size(), text.size() + 1));
    if (text.empty()) continue;
    out += fmt::format("{}\"{}\":", out.back() == '{' ? "" : ",", group);
    append_text(out, text);
  }
  out += '}';
}

std::string text_of_name(const Json& name) {
  std::string text;
  std::size_t missing = 0;
  for (const auto* group : kGroups) {
    if (const auto found = name.find(group); found != name.end())
      text += std::string(std::exchange(missing, 0), '=') + found->get<std::string>();
    ++missing;
  }
  return text;
}

}  // namespace

void append_key(std::string& set, Tag tag) {
  set += set.size() > 1 ? ",\"" : "\"";
  append_hex(set, tag);
  set += "\":";
}

void append_element(std::string& out, std::string_view vr, std::string_view value) {
  out.append("{\"vr\":\"").append(vr).append("\"");
  const bool any = !value.empty();
  if (any) out += ",\"Value\":[";
  for (bool more = any; more;) {
    const auto raw = value.substr(0, value.find('\\'));
    more = raw.size() < value.size();
    value.remove_prefix(std::min(value.size(), raw.size() + 1));
    const auto part = trim(raw);
    // What is no number stays text: the stored value is not ours to mend.
    const auto number = vr == "IS" || vr == "US" ? to_number<std::int64_t>(part) : std::nullopt;
    if (part.empty())
      out += "null";
    else if (vr == "PN")
      append_name(out, part);
    else if (number)
      fmt::format_to(std::back_inserter(out), "{}", *number);
    else
      append_text(out, part);
    out += more ? "," : "]";
  }
  out += '}';
}

std::string text_of(const Json& element) {
  std::string text;
  const auto values = element.find("Value");
  if (values == element.end()) return text;
  for (const auto& value : *values) {
    if (&value != &values->front()) text += '\\';
    if (value.is_string())
      text += value.get<std::string>();
    else if (value.is_object())
      text += text_of_name(value);
    else if (!value.is_null())
      text += value.dump();
  }
  return text;
}

}  // namespace larmor::dicom
