#include "dicom/data/dictionary.h"

#include <dcmtk/config/osconfig.h>
//
#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

#include <algorithm>

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

}  // namespace

std::optional<Keyword> find_keyword(const std::string& name) {
  const auto& dictionary = dcmDataDict.rdlock();
  const auto* entry = dictionary.findEntry(name.c_str());
  std::optional<Keyword> found;
  if (entry && standard(*entry))
    found = Keyword{entry->getTagName(), static_cast<std::uint32_t>(entry->getGroup()) << 16 | entry->getElement(),
                    vr_of(*entry)};
  dcmDataDict.rdunlock();
  return found;
}

std::vector<std::string> all_keywords() {
  std::vector<std::string> names;
  auto& dictionary =
      const_cast<DcmDataDictionary&>(dcmDataDict.rdlock());  // iterating only reads, but DCMTK does not say so
  for (auto at = dictionary.normalBegin(); at != dictionary.normalEnd(); ++at)
    if (standard(**at)) names.emplace_back((*at)->getTagName());
  dcmDataDict.rdunlock();
  std::ranges::sort(names);
  return names;
}

}  // namespace larmor::dicom
