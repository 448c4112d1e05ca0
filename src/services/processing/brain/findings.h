#pragma once
/// What the brain pipeline finds in one T1-weighted head.
///
/// Plain values. Volumes are measured on the 1 mm grid on which the network works, before the labels go back to the
/// input's.
#include <string>
#include <vector>

#include "base/json.h"
#include "imaging/volume.h"
#include "services/processing/brain/healthy.h"
#include "services/processing/brain/lobes.h"
#include "services/processing/brain/quality.h"

namespace larmor::processing::brain {

struct Measured {
  int id = 0;  ///< FreeSurfer's; see imaging/structures.h
  double ml = 0;
  double confidence = 0;  ///< mean probability that the network gave its own choice, 0..1; 0 where there is no voxel
};

/// The numbers by which an image passes for a brain or does not; all of the cleaned labels on the 1 mm grid.
struct Evidence {
  double brain_ml = 0;          ///< tissue and ventricles, without the fluid around
  double cerebrum_ml = 0;       ///< cerebral white matter and cortex
  double white_share = 0;       ///< white matter of cerebrum_ml
  double cerebellum_share = 0;  ///< cerebellum of brain_ml
  double deep_ml = 0;           ///< thalamus, caudate, putamen, pallidum, hippocampus, amygdala
  int found = 0;                ///< of the paired structures, how many have a plausible volume on both sides
  double symmetry = 0;          ///< mean over paired structures of smaller / larger side
  double confidence = 0;        ///< mean over brain voxels
  double compactness = 0;       ///< brain_ml of the volume of its bounding box
  double kept = 0;              ///< share of the network's tissue that belongs to the one piece
};
Json to_json(const Evidence&);

/// A note is read beside the volumes; what is doubtful is not to be relied on, and every output says so.
enum class Severity { note, doubtful };

struct Flag {
  std::string code;             ///< for programs: "low_confidence"
  std::string text;             ///< for people, with the number and its limit
  std::optional<double> value;  ///< in `unit`; absent where nothing was measured
  std::optional<double> limit;  ///< beyond which the flag was raised
  std::string unit;             ///< "mm", "%"; empty for plain numbers
  Severity severity = Severity::note;
};

struct Findings {
  std::string model, version, weights;  ///< the network: its name, its version, the start of its weights' SHA-256
  std::string engine;                   ///< what ran it: "oneDNN (fp32)"
  std::vector<Measured> structures;     ///< all that the network knows, ascending by id
  double intracranial_ml = 0;           ///< an estimate: everything labelled, closed and filled; not FreeSurfer's eTIV
  double confidence = 0;                ///< mean over the brain
  Evidence evidence;
  Quality quality;
  std::vector<Flag> flags;
  Healthy healthy;                               ///< compared with healthy people
  Lobes lobes;                                   ///< of the cortex; its labels on the input's grid
  imaging::Volume<std::uint8_t> labels;          ///< FreeSurfer ids on the input's grid
  imaging::Volume<float> picture;                ///< the head at 1 mm, RAS, white matter near 1: for pictures
  imaging::Volume<std::uint8_t> picture_labels;  ///< the labels on that grid
};

/// The code of the flag that says that this scan, or the one before, is made up.
inline constexpr std::string_view kSimulatedFlag = "simulated";

/// Whether one of the flags says so.
bool is_doubtful(const Findings&);
/// "Doubtful result: motion, noise": what every output says first; empty where nothing is doubtful.
std::string doubt(const Findings&);

/// {volumes: [{id, name, side, ml, confidence}], intracranial_ml, confidence, doubtful, flags: [{code, text, value,
/// limit, unit, severity}], evidence, quality, lobes, norms}
Json to_json(const Findings&);
/// One row per structure: id, name, side, ml, confidence; then the intracranial estimate.
std::string to_csv(const Findings&);

}  // namespace larmor::processing::brain
