#pragma once
/// From a T1-weighted head to labelled structures and their volumes.
///
/// Memory: below 2 GB for a head in 256 x 256 x 256 mm. Threads: `Options::threads` while the network runs, one
/// otherwise. Failures: `invalid` (no picture: empty, constant, not numbers), `unsupported` (not a brain, or not a
/// volume that can be measured; the reason and the numbers are in the words), `not_found` (model or runtime absent),
/// `internal`.
#include <filesystem>
#include <functional>

#include "services/processing/brain/findings.h"

namespace larmor::processing::brain {

enum class Engine {
  fitting,  ///< the quicker one that can run the network
  onednn,
  onnxruntime,
};

struct Options {
  std::filesystem::path models = "models";  ///< holds brain/manifest.json and its weights
  std::filesystem::path onnxruntime = "third_party/onnxruntime/libonnxruntime.so.1";
  int threads = 2;
  Engine engine = Engine::fitting;
  bool second_look = true;            ///< ask the network twice about the deep structures; see second_look.h
  Person person;                      ///< what a person said; what is absent here is taken from DICOM
  std::filesystem::path prior;        ///< an earlier scan of the same person: NIfTI file or DICOM folder; empty: none
  std::optional<double> prior_years;  ///< how much earlier; absent: what DICOM's study dates say
  std::filesystem::path flair, prior_flair;  ///< NIfTI file or DICOM folder; empty: one of the study's own series
};

/// Where the work stands: 0..1, and the step that begins.
using Progress = std::function<void(double fraction, std::string_view step)>;

Result<Findings> analyse(const imaging::Volume<float>&, const Options&, const Progress&);

}  // namespace larmor::processing::brain
