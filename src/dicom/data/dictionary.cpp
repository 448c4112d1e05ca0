#include "dicom/data/dictionary.h"

#include <dcmtk/config/osconfig.h>
//
#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

#include <map>

namespace larmor::dicom {
namespace {

bool standard(const DcmDictEntry& entry) {
  return entry.getGroup() % 2 == 0 && !entry.isRepeating() && !entry.getPrivateCreator();
}

/// DCMTK has names of its own for values that the standard lets be of several kinds.
std::string vr_of(const DcmDictEntry& entry) {
  switch (entry.getEVR()) {
    case EVR_xs:
    case EVR_lt:
      return "US";
    case EVR_ox:
    case EVR_px:
      return "OW";
    default:
      return entry.getVR().getVRName();
  }
}

using Keywords = std::map<std::string, Keyword, std::less<>>;

/// DCMTK finds a tag at once, but looks through all of them for a name.
const Keywords& keywords() {
  static const Keywords all = [] {
    Keywords made;
    auto& dictionary =
        const_cast<DcmDataDictionary&>(dcmDataDict.rdlock());  // iterating only reads, but DCMTK does not say so
    for (auto at = dictionary.normalBegin(); at != dictionary.normalEnd(); ++at) {
      const auto& entry = **at;
      if (!standard(entry)) continue;
      const auto tag = static_cast<std::uint32_t>(entry.getGroup()) << 16 | entry.getElement();
      made.emplace(entry.getTagName(), Keyword{entry.getTagName(), tag, vr_of(entry)});
    }
    dcmDataDict.rdunlock();
    return made;
  }();
  return all;
}

}  // namespace

std::optional<Keyword> find_keyword(const std::string& name) {
  const auto found = keywords().find(name);
  return found == keywords().end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> all_keywords() {
  std::vector<std::string> names;
  for (const auto& [name, keyword] : keywords()) names.push_back(name);
  return names;
}

}  // namespace larmor::dicom
