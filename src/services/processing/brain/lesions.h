#pragma once
/// White-matter lesions that shine in FLAIR, and those that are new or have grown since an earlier FLAIR.
///
/// The FLAIR is laid on the T1 by way of the labels: painted with the mean brightness that each structure has in the
/// FLAIR, they look like a FLAIR. A lesion is white matter brighter than white matter's noise and grey matter explain.
/// Two FLAIRs are compared halfway between them, slow shade taken out. Thresholds and what they find on a patient with
/// a marked change: docs/decisions/2026-11-27-white-matter-lesions.md. Pure. Failures: `unsupported` (the FLAIR does
/// not fit on the T1, or shows no contrast between grey and white matter), `invalid` (no picture).
#include "services/processing/brain/change.h"
#include "services/processing/brain/lesion_list.h"

namespace larmor::processing::brain {

struct Lesions {
  std::vector<Lesion> found;     ///< largest first
  double ml = 0;                 ///< of all
  double threshold = 0;          ///< brightness from which a voxel counts; normal white matter is 1
  double grey = 0, noise = 0;    ///< median of the cortex, standard deviation within normal white matter
  double slice_mm = 0;           ///< the FLAIR's coarsest spacing: smaller lesions are uncertain
  imaging::Mask mask;            ///< on the T1's 1 mm grid
  imaging::Volume<float> flair;  ///< on that grid
};

struct LesionChange {
  std::vector<Lesion> fresh, grown;  ///< where nothing was before; next to a lesion of the first FLAIR
  double threshold = 0;              ///< rise of brightness from which a voxel counts
  double correlation = 0;            ///< of both FLAIRs within the brain
  Fates fate;                        ///< on the second T1's 1 mm grid
};

Result<Lesions> find_lesions(const imaging::Volume<float>& flair, const Scan& t1, int threads);
Result<LesionChange> compare_lesions(const Lesions& first, const Scan& first_t1, const Lesions& second,
                                     const Scan& second_t1, int threads);
/// With what rose since the earlier FLAIR: it is lesion too, even where it is not bright enough to be one by itself.
Lesions with_change(Lesions second, const Scan& second_t1, const LesionChange&);

/// {count, ml, threshold, grey, noise, slice_mm, lesions}
Json to_json(const Lesions&);
/// {new, new_ml, grown, grown_ml, threshold, correlation, lesions}
Json to_json(const LesionChange&);

}  // namespace larmor::processing::brain
