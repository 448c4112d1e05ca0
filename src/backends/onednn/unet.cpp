#include "backends/onednn/unet.h"

#include <omp.h>

#include <atomic>
#include <bit>
#include <cstring>
#include <future>

#include "backends/onednn/layers.h"

namespace larmor::onednn {
namespace {

constexpr std::size_t kCell = 8;  // voxels of 1 mm in a cell of 2 x 2 x 2: the channels of the first layer
constexpr std::size_t kMostClasses = 64;
constexpr std::size_t kCellsAtOnce = 4096;

/// The network's parts, found by name.
struct Parts {
  std::vector<std::vector<Kernel>> down, up;  ///< per level, finest first; one level fewer on the way up
  std::vector<Kernel> bridges;                ///< from level L + 1 to L
  std::vector<float> head, head_bias;         ///< (features, classes * kCell), class by class
  std::size_t classes = 0;

  std::size_t levels() const { return down.size(); }
  std::size_t features() const { return down[0].back().to; }
};

Result<Kernel> kernel_of(const onnx::Tensors& all, const std::string& name, std::size_t from) {
  const auto weight = all.find(name + ".weight"), bias = all.find(name + ".bias");
  if (weight == all.end() || bias == all.end()) return fail(Code::unsupported, "the weights have no {}", name);
  const auto& s = weight->second.shape;
  const bool fits = s.size() == 5 && s[2] == s[3] && s[3] == s[4] && s[2] % 2 == 1 && bias->second.shape.size() == 1 &&
                    bias->second.shape[0] == s[0];
  if (!fits) return fail(Code::unsupported, "{} is no convolution of a cube of odd side", name);
  if (std::size_t(s[1]) != from) return fail(Code::unsupported, "{} wants {} channels and gets {}", name, s[1], from);
  return Kernel{weight->second.values, bias->second.values, std::size_t(s[0]), std::size_t(s[1]), std::size_t(s[2])};
}

/// Convolutions NAME.0.0, NAME.1.0 ... as many as there are; at least one.
Result<std::vector<Kernel>> chain_of(const onnx::Tensors& all, const std::string& name, std::size_t from) {
  std::vector<Kernel> chain;
  do {
    chain.push_back(TRY(kernel_of(all, fmt::format("{}.{}.0", name, chain.size()), from)));
    from = chain.back().to;
  } while (all.contains(fmt::format("{}.{}.0.weight", name, chain.size())));
  return chain;
}

/// The eight heads side by side: column `class * kCell + voxel`.
Result<void> find_heads(const onnx::Tensors& all, Parts& parts) {
  for (std::size_t voxel = 0; voxel < kCell; ++voxel) {
    const auto head = TRY(kernel_of(all, fmt::format("heads.{}", voxel), parts.features()));
    if (voxel == 0) {
      parts.classes = head.to;
      parts.head.resize(head.from * head.to * kCell);
      parts.head_bias.resize(head.to * kCell);
    }
    if (head.side != 1 || head.to != parts.classes || head.to > kMostClasses)
      return fail(Code::unsupported, "heads.{} does not tell up to {} classes", voxel, kMostClasses);
    for (std::size_t c = 0; c < head.to; ++c) {
      parts.head_bias[c * kCell + voxel] = head.bias[c];
      for (std::size_t f = 0; f < head.from; ++f)
        parts.head[(f * head.to + c) * kCell + voxel] = head.weight[c * head.from + f];
    }
  }
  return {};
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
  CHECK_OK(find_heads(all, parts));
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

/// One number for each voxel of a cell; the compiler makes of it what the processor has.
using Floats = float __attribute__((vector_size(4 * kCell)));
using Ints = std::int32_t __attribute__((vector_size(4 * kCell)));

/// Replaces x <= 0 by exp(x), to 2e-5 of its value: 2^n times Taylor's polynomial in the rest, which lies in (-ln 2,
/// 0].
inline void exp_of_negative(Floats& x) {
  const Floats y = (x > -80.0F ? x : x * 0 - 80.0F) * 1.44269504F;
  const Ints whole = __builtin_convertvector(y, Ints);
  const Floats rest = (y - __builtin_convertvector(whole, Floats)) * 0.69314718F;
  Floats p = 1 + rest / 6;
  for (float n = 5; n > 0; --n) p = 1 + rest / n * p;
  x = p * reinterpret_cast<Floats>((whole + 127) << 23);
}

/// `logits`: (classes, kCell). The likeliest class of each voxel of the cell, the first one among equals.
__attribute__((target_clones("avx512f", "avx2", "default"))) void decide(const float* logits, std::size_t classes,
                                                                         std::uint8_t* label,
                                                                         std::uint8_t* confidence) {
  Floats best, next, sum{};
  Ints which{};
  std::memcpy(&best, logits, sizeof best);
  for (std::size_t c = 1; c < classes; ++c) {
    std::memcpy(&next, logits + c * kCell, sizeof next);
    const Ints better = next > best;
    best = better ? next : best;
    which = better ? which * 0 + static_cast<std::int32_t>(c) : which;
  }
  for (std::size_t c = 0; c < classes; ++c) {
    std::memcpy(&next, logits + c * kCell, sizeof next);
    next -= best;
    exp_of_negative(next);
    sum += next;
  }
  for (std::size_t v = 0; v < kCell; ++v) {
    label[v] = static_cast<std::uint8_t>(which[v]);
    confidence[v] = static_cast<std::uint8_t>(255 / sum[v] + 0.5F);
  }
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

  /// Each thread decides about blocks of cells of its own.
  Answer answer(const std::vector<float>& features, const Sides& s) {
    Answer out{std::vector<std::uint8_t>(s[0] * s[1] * s[2]), std::vector<std::uint8_t>(s[0] * s[1] * s[2])};
    const std::size_t inner = parts_.features(), columns = parts_.classes * kCell, cells = features.size() / inner;
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      omp_set_num_threads(1);  // of this thread
      std::vector<float> logits(kCellsAtOnce * columns);
      for (std::size_t first = next.fetch_add(kCellsAtOnce); first < cells; first = next.fetch_add(kCellsAtOnce)) {
        const auto count = std::min(kCellsAtOnce, cells - first);
        Layers::multiply(features.data() + first * inner, parts_.head.data(), logits.data(), count, inner, columns);
        for (std::size_t i = 0; i < count; ++i) place(logits.data() + i * columns, first + i, s, out);
      }
    };
    std::vector<std::future<void>> workers;
    for (int i = 0; i < threads_; ++i) workers.push_back(std::async(std::launch::async, work));
    for (auto& worker : workers) worker.get();
    return out;
  }

  void place(float* logits, std::size_t cell, const Sides& s, Answer& out) const {
    for (std::size_t i = 0; i < parts_.head_bias.size(); ++i) logits[i] += parts_.head_bias[i];
    std::array<std::uint8_t, kCell> label, confidence;
    decide(logits, parts_.classes, label.data(), confidence.data());
    const std::size_t w = cell % (s[2] / 2), h = cell / (s[2] / 2) % (s[1] / 2), d = cell / (s[2] / 2) / (s[1] / 2);
    for (std::size_t v = 0; v < kCell; ++v) {
      const auto at = ((2 * d + v / 4) * s[1] + 2 * h + v / 2 % 2) * s[2] + 2 * w + v % 2;
      out.labels[at] = label[v];
      out.confidence[at] = confidence[v];
    }
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
