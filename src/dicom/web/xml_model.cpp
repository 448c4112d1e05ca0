#include "dicom/web/xml_model.h"

#include <pugixml.hpp>

#include "dicom/web/json_model.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kMostSkipped = 16;  // values of one attribute that were left out beside one another
constexpr std::array kGroups = {"Alphabetic", "Ideographic", "Phonetic"};
constexpr std::array kComponents = {"FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"};

Json name_of(const pugi::xml_node& person) {
  Json name = Json::object();
  for (const auto* group : kGroups) {
    std::string text, between;
    for (const auto* component : kComponents) {
      if (const std::string part = person.child(group).child_value(component); !part.empty())
        text += std::exchange(between, "") + part;
      between += '^';
    }
    if (!text.empty()) name[group] = text;
  }
  return name;
}

Result<Json> set_of(const pugi::xml_node& parent, int depth);

Result<Json> value_of(const pugi::xml_node& node, int depth) {
  const std::string_view kind = node.name();
  if (kind == "PersonName") return name_of(node);
  if (kind == "Item") return set_of(node, depth + 1);
  return Json(node.child_value());
}

/// Values are numbered, and some may be left out.
Result<void> put_value(const pugi::xml_node& node, int depth, Json& element) {
  const std::size_t number = node.attribute("number").as_uint();
  auto& values = element["Value"];
  if (values.is_null()) values = Json::array();
  if (number < 1 || number > values.size() + 1 + kMostSkipped)
    return fail(Code::corrupt, "'{}' of {} is not numbered in order", node.name(),
                node.parent().attribute("tag").value());
  while (values.size() < number) values.push_back(nullptr);
  values[number - 1] = TRY(value_of(node, depth));
  return {};
}

Result<Json> element_of(const pugi::xml_node& attribute, int depth) {
  Json element = {{"vr", attribute.attribute("vr").value()}};
  for (const auto& node : attribute.children()) {
    const std::string_view kind = node.name();
    if (kind == "Value" || kind == "PersonName" || kind == "Item")
      CHECK_OK(put_value(node, depth, element));
    else if (kind == "BulkData")
      element["BulkDataURI"] = node.attribute("uri").value();
    else if (kind == "InlineBinary")
      element["InlineBinary"] = node.child_value();
  }
  return element;
}

Result<Json> set_of(const pugi::xml_node& parent, int depth) {
  if (depth > kDeepest) return fail(Code::corrupt, "more than {} sequences in one another", kDeepest);
  Json set = Json::object();
  for (const auto& attribute : parent.children("DicomAttribute"))
    set[attribute.attribute("tag").value()] = TRY(element_of(attribute, depth));
  return set;
}

}  // namespace

Result<Json> json_of_xml(const std::string& text) {
  pugi::xml_document document;
  const auto read = document.load_buffer(text.data(), text.size());
  if (!read) return fail(Code::corrupt, "the metadata is no XML: {} at byte {}", read.description(), read.offset);
  const auto model = document.child("NativeDicomModel");
  if (!model) return fail(Code::corrupt, "the metadata is no NativeDicomModel");
  return set_of(model, 0);
}

}  // namespace larmor::dicom
