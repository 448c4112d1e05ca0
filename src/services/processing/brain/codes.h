#pragma once
/// Codes of what is measured as one thing but is several structures: imaging/structures.h has those of single ones.
#include <string_view>

#include "imaging/structures.h"

namespace larmor::processing::brain {

/// No code of SNOMED CT is meant for these, as a site or as a segment.
inline constexpr imaging::Code kWhiteMatterLesions{"wm_lesions", "99LARMOR", "White matter lesions"};

/// SNOMED CT, as in DICOM PS3.16 CID 7140 and 7153. `name` is one of the sums of Healthy or of the groups of Change:
/// "brain", "ventricles", "cortex" ...; the brain where it is neither.
const imaging::Code& site_of(std::string_view name);

}  // namespace larmor::processing::brain
