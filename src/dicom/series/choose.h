#pragma once
/// Which series of a study is the T1-weighted head that a brain is measured on: a pure decision, with its reasons in
/// words.
#include "dicom/series/geometry.h"

namespace larmor::dicom {

struct Choice {
  std::size_t series = 0;  ///< index into the list given
  Stack stack;
  /// "series 3 'Sag MPRAGE' chosen: T1, 1.0 x 1.0 x 1.0 mm, 176 slices; series 1 'localizer' is a localizer; ..."
  std::string reason;
};

/// `unsupported` when no series will do; the words say why for each.
Result<Choice> choose_t1(const std::vector<SeriesImages>&);

}  // namespace larmor::dicom
