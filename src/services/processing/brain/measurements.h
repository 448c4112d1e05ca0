#pragma once
/// What the structured report says of the findings. Plain values; pure.
#include "dicom/objects/sr.h"
#include "services/processing/brain/findings.h"
#include "services/processing/brain/prior.h"

namespace larmor::processing::brain {

/// `since` is null where there was no prior, `about_priors` empty where nobody looked for one. The result points into
/// `since`.
dicom::Measurements measurements_of(const Findings&, const Comparison* since, const std::string& about_priors);

}  // namespace larmor::processing::brain
