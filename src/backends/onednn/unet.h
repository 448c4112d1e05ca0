#pragma once
/// The U-Net of models/brain, run by oneDNN: the convolutions that fit this processor, found when the program runs.
///
/// ONNX Runtime turns a convolution in three dimensions into one large matrix product and reaches a tenth of the
/// processor's peak; oneDNN has kernels for it, and where the processor multiplies bfloat16 matrices itself (AMX), ten
/// times the speed of fp32. There activations and weights are bfloat16 and sums fp32, elsewhere all is fp32: labels may
/// differ between the two for voxels that lie between two structures (docs/decisions has the figures).
/// Owns: the weights. Threads: one call at a time; `threads` of OpenMP work on it.
/// Failures: `unsupported` (the weights are no such network), `invalid` (sides), `internal` (oneDNN's own words).
#include <array>
#include <memory>
#include <span>

#include "backends/onednn/head.h"

namespace larmor::onednn {

struct UNetOptions {
  int threads = 2;
  bool bfloat16 = true;  ///< where the processor has AMX
};

class UNet {
 public:
  /// The weights by the names that models/brain/training/export.py gives them: `net.enc.L.K.0` convolution K of level L
  /// on the way down, `net.up.L`, `net.dec.L.K.0` on the way up, and what Head::find looks for.
  static Result<std::unique_ptr<UNet>> open(const onnx::Tensors&, const UNetOptions&);
  virtual ~UNet() = default;

  /// `image`: prod(sides) numbers, the last index runs fastest; each side a multiple of multiple().
  virtual Result<Answer> run(std::span<const float> image, std::array<std::size_t, 3> sides) = 0;
  virtual std::size_t multiple() const = 0;
  /// What it computes with: "fp32 avx2", "bfloat16 amx".
  virtual std::string arithmetic() const = 0;
};

}  // namespace larmor::onednn
