#pragma once
/// What the structured report and the map of change say of the findings. Plain values; pure.
#include "dicom/objects/map.h"
#include "dicom/objects/sr.h"
#include "services/processing/brain/findings.h"
#include "services/processing/brain/flair.h"
#include "services/processing/brain/prior.h"

namespace larmor::processing::brain {

/// `since` is null where there was no prior, `about_priors` empty where nobody looked for one. The result points into
/// `since`.
dicom::Measurements measurements_of(const Findings&, const FlairFindings&, const Comparison* since,
                                    const std::string& about_priors);

/// What the numbers of change_map() are.
dicom::Meaning meaning_of(const Comparison&);

}  // namespace larmor::processing::brain
