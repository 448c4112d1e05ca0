#pragma once
/// Writes one number a voxel as a DICOM Parametric Map (PS3.3 A.75) of 32-bit floats, on the source's own voxels.
///
/// The numbers are the real-world values themselves: the mapping has slope 1 and intercept 0 and says what they are and
/// in which unit. Only the smallest box around all values but 0 is written, for floats cannot be compressed, or the
/// middle plane where there are none; each frame names its image as source. Where an earlier scan is involved, its
/// images are referenced (shared Referenced Image group) and its study is listed among those with other referenced
/// instances. Reads the source's header once; otherwise pure. Any thread. Failures: `invalid` (another shape, not a
/// number), `corrupt` (the source's file cannot be read).
#include "base/result.h"
#include "dicom/objects/object.h"
#include "dicom/series/source.h"
#include "imaging/structures.h"
#include "imaging/volume.h"

namespace larmor::dicom {

struct Meaning {
  imaging::Code quantity, unit;
  std::string_view label;        ///< at most 16 letters, capitals: Content Label
  std::string_view explanation;  ///< at most 64 letters
  std::string derivation;        ///< a sentence
  double window = 1;             ///< width of the display window, centred on 0
};

/// `values` has the shape (slices, rows, columns) of the source's volume. `earlier` may be null.
Result<Object> write_map(const SourceSeries&, const imaging::Volume<float>& values, const Meaning&,
                         const SourceSeries* earlier, const Maker&);

}  // namespace larmor::dicom
