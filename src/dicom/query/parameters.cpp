#include "dicom/query/parameters.h"

#include <algorithm>

#include "base/text.h"
#include "dicom/data/dictionary.h"

namespace larmor::dicom {
namespace {

constexpr std::array<std::string_view, 5> kNotAttributes = {"limit", "offset", "fuzzymatching", "includefield",
                                                            "accept"};

bool is_hex(std::string_view text) {
  return text.size() == 8 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// A name of the standard, or a tag: something that could be in an object.
bool could_be(const std::string& name) {
  return is_hex(name) || find_keyword(name).has_value();
}

Failure unknown(const std::string& parameter, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& a : attributes()) known.emplace_back(a.keyword);
  const auto near = nearest(name, known);
  return fail_with({Code::invalid, fmt::format("{}: '{}' is no attribute", parameter, name),
                    near ? fmt::format("Did you mean '{}'?", *near) : "A keyword or eight hexadecimal digits.",
                    parameter});
}

struct Named {
  const Attribute* attribute = nullptr;  ///< nullptr: of the standard, but not ours
};

/// "PatientName", "00100010", "RequestAttributesSequence.ScheduledProcedureStepID"
Result<Named> named(const std::string& parameter, const std::string& path) {
  const auto parts = split(path, '.');
  for (const auto& part : parts)
    if (!could_be(part)) return unknown(parameter, part);
  if (parts.size() > 2) return Named{};
  const auto* first = find_attribute(parts[0]);
  if (parts.size() == 1 || !first) return Named{parts.size() == 1 ? first : nullptr};
  return Named{find_attribute(parts[1], first->tag)};
}

Result<void> include(Search& search, const std::string& list) {
  for (const auto& field : split(list, ',')) {
    const auto name = std::string(trim(field));
    if (name == "all") {
      search.query.all = true;
      continue;
    }
    const auto found = TRY(named("includefield", name));
    if (found.attribute)
      search.query.include.push_back(found.attribute->inside ? found.attribute->inside : found.attribute->tag);
  }
  return {};
}

}  // namespace

Result<Search> search_of(Level level, const Parameters& parameters) {
  Search search;
  search.query.level = level;
  search.query.combined = true;
  for (const auto& [name, value] : parameters) {
    if (name == "includefield") CHECK_OK(include(search, value));
    if (std::find(kNotAttributes.begin(), kNotAttributes.end(), name) != kNotAttributes.end()) continue;
    const auto found = TRY(named(name, name));
    if (!found.attribute) {
      search.ignored.push_back(name);
      continue;
    }
    const auto& a = *found.attribute;
    auto& keys = search.query.keys;
    const auto again =
        std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.tag == a.tag && k.sequence == a.inside; });
    if (again == keys.end())
      keys.push_back({a.tag, a.inside, value});
    else
      again->value += "\\" + value;
  }
  return search;
}

}  // namespace larmor::dicom
