#pragma once
/// Writes the measured volumes as a Comprehensive 3D SR document after TID 1500: a measurement group per structure,
/// each with its finding site and side, its volume in ml, and a reference to the segment that was measured. Where the
/// volume has a ranking, its z-score (121416, DCM) and percentile ranking (121415, DCM) are measurements of the same
/// group; the norm is their method, the ends of the range are derivation parameters of the percentile (TID 1419).
///
/// A change since an earlier scan is a group per thing that changed: percent, percent a year, both volumes, the
/// standard deviation as a derivation parameter, the interval as Longitudinal Temporal Offset from Event (128740, DCM).
/// The earlier images are a second group of the image library and pertinent other evidence. There is no standard code
/// for a percent change, nor for ratios and asymmetries: these are coded under 99LARMOR.
///
/// Complete and unverified: a person has to do the verifying. The remark that Larmor is no medical device is one of the
/// qualitative evaluations, as are the quality flags.
/// Reads the source's header once; otherwise pure. Any thread.
/// Failures: `invalid` (a structure that has no code), `corrupt` (the source's file cannot be read).
#include <optional>
#include <vector>

#include "base/result.h"
#include "dicom/objects/object.h"
#include "dicom/objects/seg.h"
#include "dicom/series/source.h"
#include "imaging/structures.h"

namespace larmor::dicom {

/// Where a volume stands in a healthy population.
struct Ranking {
  double z = 0;
  double centile = 0, low = 0, high = 0;  ///< 0 to 100, and the range that the method leaves
};

struct MeasuredVolume {
  int structure = 0;  ///< FreeSurfer id
  double ml = 0;
  std::optional<double> confidence;  ///< mean of the network's own probability, 0 to 1
  std::optional<Ranking> ranking;
};

/// Several structures together.
struct MeasuredSum {
  std::string name;    ///< "brain"
  imaging::Code site;  ///< what it is a volume of
  double ml = 0;
  std::optional<Ranking> ranking;
};

/// A part of a structure, without a segment of its own.
struct MeasuredPart {
  std::string name;  ///< "left frontal lobe, cortex"
  imaging::Code site;
  imaging::Side side = imaging::Side::middle;
  double ml = 0;
};

/// A figure without a segment.
struct Index {
  std::string key, name;  ///< "brain_fraction", "Brain parenchymal fraction": the private code and its meaning
  double value = 0;
  bool percent = false;  ///< else a ratio
};

/// How much something has changed since an earlier scan; negative is loss.
struct MeasuredChange {
  std::string name;  ///< "brain"
  imaging::Code site;
  double first_ml = 0, second_ml = 0;
  double percent = 0;  ///< of the mean of both
  double percent_of_first = 0;
  double error = 0;  ///< standard deviation of `percent`
};

struct SincePrior {
  const SourceSeries* prior = nullptr;  ///< null where the earlier scan was no DICOM series
  std::optional<double> years;
  std::vector<MeasuredChange> changes;
  std::string method;                 ///< at most 64 characters
  std::string verdict;                ///< a sentence
  std::vector<std::string> warnings;  ///< parts of sentences
};

struct Measurements {
  std::vector<MeasuredVolume> volumes;
  std::optional<double> intracranial_ml;
  std::vector<MeasuredSum> sums;
  std::vector<MeasuredPart> parts;
  std::vector<Index> indices;
  std::optional<SincePrior> since;
  std::vector<std::string> quality;  ///< one sentence per flag; none: nothing was noticed
  std::string population;            ///< the norm behind the rankings: "NOMIS 2021"; at most 64 characters
  std::vector<std::string> remarks;  ///< about the rankings, or why there are none; sentences
};

Result<Object> write_sr(const SourceSeries&, const Measurements&, const Segmentation&, const Maker&);

}  // namespace larmor::dicom
