#pragma once
/// The U-Net's last step: from the features of a cell of 2 x 2 x 2 voxels to the class of every voxel.
///
/// A matrix gives each voxel a score for every class. The scores are smoothed along the three axes, where the weights
/// ask for it: that takes away the steps which label maps have and brains have not. The highest score wins; its
/// confidence is its softmax. Threads: const, any number of calls at once. Errors: dnnl::error is thrown; unet.cpp
/// turns it into ours.
#include "backends/onednn/layers.h"
#include "base/result.h"

namespace larmor::onednn {

/// The class of every voxel, and 255 times its probability; in the image's order.
struct Answer {
  std::vector<std::uint8_t> labels, confidence;
};

class Head {
 public:
  /// `heads.P` for voxel P of a cell, with `features` inputs; `taps`, if it is there, the weights of an odd number of
  /// neighbouring voxels. `unsupported` where these are missing or do not fit.
  static Result<Head> find(const onnx::Tensors&, std::size_t features);

  /// What one thread works on. Kept from call to call: fresh memory is slow for the first one who writes into it.
  struct Scratch {
    /// The best class so far of each voxel, its score, and the sum of exp(score - best score) over the classes so far.
    struct Best {
      std::vector<float> score, sum;
      std::vector<std::int32_t> label;
    };
    std::vector<float> scores, volume, other;
    Best best;
  };

  /// Decides about the layers [first, last) of cells. `features`: of all cells, (D/2, H/2, W/2, features); outside of
  /// them scores count as zero. `out` has a place for every voxel.
  void decide(const float* features, const Sides& cells, std::size_t first, std::size_t last, Scratch&,
              Answer& out) const;

 private:
  std::size_t classes_ = 0, features_ = 0;
  std::vector<float> weight_, bias_;  ///< (classes, voxels of a cell, features); (classes, voxels of a cell)
  std::vector<float> taps_{1};
};

}  // namespace larmor::onednn
