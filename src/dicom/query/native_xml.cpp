#include "dicom/query/native_xml.h"

#include "base/text.h"
#include "dicom/query/attributes.h"

namespace larmor::dicom {
namespace {

constexpr std::array<const char*, 3> kGroups = {"Alphabetic", "Ideographic", "Phonetic"};
constexpr std::array<const char*, 5> kComponents = {"FamilyName", "GivenName", "MiddleName", "NamePrefix",
                                                    "NameSuffix"};
constexpr int kDeepest = 16;

/// XML 1.0 has no control characters, not even escaped ones.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t' || c == '\r') out += c;
    }
  }
  return out;
}

void write_name(const Json& name, std::size_t number, std::string& out) {
  out += fmt::format("<PersonName number=\"{}\">", number);
  for (const auto* group : kGroups) {
    if (!name.contains(group)) continue;
    out += fmt::format("<{}>", group);
    const auto parts = split(name.at(group).get<std::string>(), '^');
    for (std::size_t i = 0; i < parts.size() && i < kComponents.size(); ++i)
      if (!parts[i].empty()) out += fmt::format("<{0}>{1}</{0}>", kComponents[i], escaped(parts[i]));
    out += fmt::format("</{}>", group);
  }
  out += "</PersonName>";
}

void write_set(const Json& set, std::string& out, int depth, std::string_view sequence);

void write_values(const Json& element, std::string& out, int depth, std::string_view tag) {
  const auto values = element.find("Value");
  if (values == element.end()) return;
  const auto vr = element.value("vr", "");
  for (std::size_t i = 0; i < values->size(); ++i) {
    const auto& value = (*values)[i];
    if (vr == "SQ" && depth < kDeepest) {
      out += fmt::format("<Item number=\"{}\">", i + 1);
      write_set(value, out, depth + 1, tag);
      out += "</Item>";
    } else if (vr == "PN" && value.is_object()) {
      write_name(value, i + 1, out);
    } else if (!value.is_null()) {
      out += fmt::format("<Value number=\"{}\">{}</Value>", i + 1,
                         escaped(value.is_string() ? value.get<std::string>() : value.dump()));
    }
  }
}

void write_set(const Json& set, std::string& out, int depth, std::string_view sequence) {
  for (const auto& [tag, element] : set.items()) {
    const auto* outer = sequence.empty() ? nullptr : find_attribute(sequence);
    const auto* known = find_attribute(tag, outer ? outer->tag : 0);
    out += fmt::format("<DicomAttribute tag=\"{}\" vr=\"{}\"{}>", tag, element.value("vr", "UN"),
                       known ? fmt::format(" keyword=\"{}\"", known->keyword) : "");
    write_values(element, out, depth, tag);
    out += "</DicomAttribute>";
  }
}

}  // namespace

std::string native_xml(const Json& set) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><NativeDicomModel "
      "xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\">";
  write_set(set, out, 0, "");
  return out + "</NativeDicomModel>";
}

}  // namespace larmor::dicom
