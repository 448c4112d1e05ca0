#include "backends/onednn/unet.h"

#include <omp.h>

#include <atomic>
#include <bit>
#include <future>

#include "backends/onednn/layers.h"

namespace larmor::onednn {
namespace {

constexpr std::size_t kCell = 8;          // voxels of 1 mm in a cell of 2 x 2 x 2: the channels of the first layer
constexpr std::size_t kLayersAtOnce = 6;  // of cells, in the last step: some 40 MB for a head

/// The network's parts, found by name.
struct Parts {
  std::vector<std::vector<Kernel>> down, up;  ///< per level, finest first; one level fewer on the way up
  std::vector<Kernel> bridges;                ///< from level L + 1 to L
  Head head;

  std::size_t levels() const { return down.size(); }
};

/// Convolutions NAME.0.0, NAME.1.0 ... as many as there are; at least one.
Result<std::vector<Kernel>> chain_of(const onnx::Tensors& all, const std::string& name, std::size_t from) {
  std::vector<Kernel> chain;
  do {
    chain.push_back(TRY(kernel_of(all, fmt::format("{}.{}.0", name, chain.size()), from)));
    from = chain.back().to;
  } while (all.contains(fmt::format("{}.{}.0.weight", name, chain.size())));
  return chain;
}

Result<Parts> parts_of(const onnx::Tensors& all) {
  Parts parts;
  do {
    const auto from = parts.down.empty() ? kCell : parts.down.back().back().to;
    parts.down.push_back(TRY(chain_of(all, fmt::format("net.enc.{}", parts.levels()), from)));
  } while (all.contains(fmt::format("net.enc.{}.0.0.weight", parts.levels())));
  for (std::size_t level = 0; level + 1 < parts.levels(); ++level) {
    const auto here = parts.down[level].back().to;
    parts.bridges.push_back(TRY(kernel_of(all, fmt::format("net.up.{}", level), parts.down[level + 1].back().to)));
    parts.up.push_back(TRY(chain_of(all, fmt::format("net.dec.{}", level), here)));
    if (parts.bridges.back().to != here || parts.up.back().back().to != here)
      return fail(Code::unsupported, "level {} of the network does not fit the way down", level);
  }
  parts.head = TRY(Head::find(all, parts.down[0].back().to));
  return parts;
}

/// The voxels of each cell become its channels: (D, H, W) -> (8, D/2, H/2, W/2).
std::vector<float> cells_of(std::span<const float> image, const Sides& s) {
  std::vector<float> out(image.size());
  const std::size_t cells = image.size() / kCell;
  for (std::size_t d = 0; d < s[0]; ++d)
    for (std::size_t h = 0; h < s[1]; ++h) {
      const auto* from = image.data() + (d * s[1] + h) * s[2];
      auto* even = out.data() + ((d % 2) * 4 + (h % 2) * 2) * cells + (d / 2 * (s[1] / 2) + h / 2) * (s[2] / 2);
      for (std::size_t w = 0; w < s[2] / 2; ++w) {
        even[w] = from[2 * w];
        even[cells + w] = from[2 * w + 1];
      }
    }
  return out;
}

/// bfloat16 keeps three digits, too few for an image in which tissues differ in the second: each number becomes the
/// part that bfloat16 can hold, and after all of them come the rests. The first convolution then takes its weights
/// twice.
std::vector<float> in_two_parts(std::vector<float> values) {
  const auto count = values.size();
  values.resize(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto whole = values[i];
    values[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(whole) & 0xFFFF0000U);
    values[count + i] = whole - values[i];
  }
  return values;
}

Kernel for_two_parts(const Kernel& k) {
  Kernel out{{}, k.bias, k.to, 2 * k.from, k.side};
  const auto row = k.weight.size() / k.to;
  for (auto at = k.weight.begin(); at != k.weight.end(); at += std::ptrdiff_t(row))
    for (int part = 0; part < 2; ++part) out.weight.insert(out.weight.end(), at, at + std::ptrdiff_t(row));
  return out;
}

class OneDnnUNet final : public UNet {
 public:
  OneDnnUNet(Parts parts, const UNetOptions& options, bool bfloat16)
      : parts_(std::move(parts)),
        threads_(options.threads),
        bfloat16_(bfloat16),
        layers_(bfloat16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32) {
    if (bfloat16) parts_.down[0][0] = for_two_parts(parts_.down[0][0]);
  }

  Result<Answer> run(std::span<const float> image, Sides sides) override {
    if (image.size() != sides[0] * sides[1] * sides[2] || image.empty())
      return fail(Code::invalid, "{} x {} x {} voxels are announced, {} are given", sides[0], sides[1], sides[2],
                  image.size());
    for (const auto side : sides)
      if (side % multiple() != 0)
        return fail(Code::invalid, "a side of {} voxels is no multiple of {}", side, multiple());
    omp_set_num_threads(threads_);
    try {
      return answer(features(image, sides), sides);
    } catch (const dnnl::error& e) {
      return fail(Code::internal, "oneDNN cannot run the network: {}", e.message);
    } catch (const std::bad_alloc&) {
      return fail(Code::internal, "there is not enough memory to run the network");
    }
  }
  std::size_t multiple() const override { return std::size_t{1} << parts_.levels(); }
  std::string arithmetic() const override { return bfloat16_ ? "bfloat16 amx" : "fp32"; }

 private:
  /// Of every cell: (cells, features).
  std::vector<float> features(std::span<const float> image, const Sides& sides) {
    const Sides cells{sides[0] / 2, sides[1] / 2, sides[2] / 2};
    Tensor x = bfloat16_ ? layers_.take(in_two_parts(cells_of(image, sides)), 2 * kCell, cells)
                         : layers_.take(cells_of(image, sides), kCell, cells);
    std::vector<Tensor> skips;
    for (std::size_t level = 0; level < parts_.levels(); ++level) {
      if (level > 0) x = layers_.shrink(x);
      for (const auto& kernel : parts_.down[level]) x = layers_.convolve(x, kernel, true);
      skips.push_back(x);
    }
    for (std::size_t level = parts_.levels() - 1; level-- > 0;) {
      skips.pop_back();
      layers_.add_enlarged(layers_.convolve(x, parts_.bridges[level], false), skips.back());
      x = skips.back();
      for (const auto& kernel : parts_.up[level]) x = layers_.convolve(x, kernel, true);
    }
    skips.clear();
    return layers_.by_voxel(x);
  }

  /// Each thread decides about layers of its own.
  Answer answer(const std::vector<float>& features, const Sides& s) {
    Answer out{std::vector<std::uint8_t>(s[0] * s[1] * s[2]), std::vector<std::uint8_t>(s[0] * s[1] * s[2])};
    const Sides cells{s[0] / 2, s[1] / 2, s[2] / 2};
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      omp_set_num_threads(1);  // of this thread
      Head::Scratch scratch;
      for (auto first = next.fetch_add(kLayersAtOnce); first < cells[0]; first = next.fetch_add(kLayersAtOnce))
        parts_.head.decide(features.data(), cells, first, std::min(first + kLayersAtOnce, cells[0]), scratch, out);
    };
    std::vector<std::future<void>> workers;
    for (int i = 0; i < threads_; ++i) workers.push_back(std::async(std::launch::async, work));
    for (auto& worker : workers) worker.get();
    return out;
  }

  Parts parts_;
  int threads_;
  bool bfloat16_;
  Layers layers_;
};

bool has_amx() {
  return dnnl::get_effective_cpu_isa() == dnnl::cpu_isa::avx512_core_amx;
}

}  // namespace

Result<std::unique_ptr<UNet>> UNet::open(const onnx::Tensors& weights, const UNetOptions& options) {
  auto parts = TRY(parts_of(weights));
  try {
    return std::make_unique<OneDnnUNet>(std::move(parts), options, options.bfloat16 && has_amx());
  } catch (const dnnl::error& e) {
    return fail(Code::internal, "oneDNN cannot start: {}", e.message);
  }
}

}  // namespace larmor::onednn
