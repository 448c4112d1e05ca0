#pragma once
/// What a U-Net is made of, as calls of oneDNN on tensors whose layout oneDNN chooses.
///
/// Threads: one call at a time. Errors: dnnl::error is thrown; unet.cpp turns it into ours.
#include <array>
#include <dnnl.hpp>

#include "backends/onnx/weights.h"
#include "base/result.h"

namespace larmor::onednn {

using Sides = std::array<std::size_t, 3>;

struct Tensor {
  dnnl::memory memory;
  std::size_t channels = 0;
  Sides sides{};
};

/// A convolution's numbers, in fp32; `weight` is (to, from, side, side, side).
struct Kernel {
  std::vector<float> weight, bias;
  std::size_t to = 0, from = 0, side = 0;
};

/// NAME.weight and NAME.bias; `unsupported` where they are missing, or no convolution of `from` channels.
Result<Kernel> kernel_of(const onnx::Tensors&, const std::string& name, std::size_t from);

class Layers {
 public:
  explicit Layers(dnnl::memory::data_type type) : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_), type_(type) {}

  /// Of numbers in the order (channel, D, H, W).
  Tensor take(std::span<const float> values, std::size_t channels, const Sides&);
  /// Zeros beyond the border; `rectify`: negative numbers become zero.
  Tensor convolve(const Tensor&, const Kernel&, bool rectify);
  /// The largest of each 2 x 2 x 2.
  Tensor shrink(const Tensor&);
  /// Each voxel of `coarse` to 2 x 2 x 2 of `fine`, added there.
  void add_enlarged(const Tensor& coarse, Tensor& fine);
  /// fp32, the channels of a voxel side by side: (D, H, W, channel).
  std::vector<float> by_voxel(const Tensor&);
  /// rows x inner by the transpose of columns x inner, all fp32 and row by row.
  static void multiply(const float* left, const float* right, float* out, std::size_t rows, std::size_t inner,
                       std::size_t columns);

 private:
  dnnl::memory::dims dims(std::size_t channels, const Sides&) const;
  dnnl::memory in_layout(dnnl::memory, const dnnl::memory::desc&);

  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::memory::data_type type_;
};

}  // namespace larmor::onednn
