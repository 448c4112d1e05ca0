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

/// What a header says for and against its series, before the images are stacked.
struct Likeness {
  bool possible = false;  ///< nothing rules it out
  bool t1 = false;        ///< by its name or its timing; otherwise of unstated contrast
  bool flair = false;     ///< by its name; then it is not possible
  bool derived = false, agent = false;
  std::string said;  ///< "T1 by its name", "is FLAIR"
};
Likeness t1_likeness(const ImageHeader&);

/// `unsupported` when no series will do; the words say why for each.
Result<Choice> choose_t1(const std::vector<SeriesImages>&);
/// The FLAIR with the thinnest slices; originals go before what was derived. Nothing where there is none.
std::optional<Choice> choose_flair(const std::vector<SeriesImages>&);

}  // namespace larmor::dicom
