#pragma once
/// A model's network, run by what runs it best on this machine.
///
/// oneDNN where the weights are the U-Net that it knows, ONNX Runtime for any other network that answers as the
/// manifest says. Threads: one call at a time. Failures: `unsupported` (the network answers with something else),
/// `not_found` (no ONNX Runtime), `internal`.
#include "services/processing/brain/analyse.h"
#include "services/processing/brain/model.h"

namespace larmor::processing::brain {

/// Of every voxel of the input, in its order.
struct Answer {
  std::vector<std::uint8_t> classes, confidence;  ///< confidence: 255 is certain
};

class Network {
 public:
  static Result<std::unique_ptr<Network>> open(const Model&, const Options&);
  virtual ~Network() = default;
  /// Sides are multiples of the model's `side_multiple`.
  virtual Result<Answer> run(const imaging::Volume<float>&) = 0;
  /// What runs it: "oneDNN (bfloat16 amx)", "ONNX Runtime 1.30.0".
  virtual std::string engine() const = 0;
};

}  // namespace larmor::processing::brain
