#pragma once
/// What the network's manifest says: the file, how the image must be prepared, and which structure each class is.
///
/// Plain values. Failures: `not_found` (no manifest, no weights), `corrupt` (not the weights of the manifest),
/// `unsupported` (a rule that this version of Larmor does not follow).
#include <filesystem>
#include <vector>

#include "base/json.h"

namespace larmor::processing::brain {

struct ModelClass {
  int left = 0, right = 0;  ///< FreeSurfer ids; equal for structures of the midline; 0 is background
};

struct Model {
  std::string name, version;
  std::filesystem::path weights;
  std::string sha256;
  std::string input, labels, confidence;  ///< names of the network's input and outputs
  std::size_t side_multiple = 16, extra = 16;
  float crop_above = 0.05f;
  std::vector<ModelClass> classes;
  std::vector<int> plane_classes;  ///< paired deep structures between which the midplane lies

  /// The class with that FreeSurfer id on either side, or -1.
  int class_of(int freesurfer) const;
};

/// Reads FOLDER/manifest.json and holds the weights beside it against their checksum.
Result<Model> load_model(const std::filesystem::path& folder);
/// The manifest's own text; `weights` is left without a folder.
Result<Model> parse_manifest(const Json&);

}  // namespace larmor::processing::brain
