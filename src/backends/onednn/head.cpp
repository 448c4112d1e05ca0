#include "backends/onednn/head.h"

#include <cstring>

namespace larmor::onednn {
namespace {

constexpr std::size_t kCell = 8;  // voxels
constexpr std::size_t kMostClasses = 64;
constexpr std::size_t kMostTaps = 15;

/// As many numbers as the widest processors take at once; the compiler makes of it what this one has.
constexpr std::size_t kLanes = 8;
using Floats = float __attribute__((vector_size(4 * kLanes)));
using Ints = std::int32_t __attribute__((vector_size(4 * kLanes)));

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

/// The best class so far of each voxel, its score, and the sum of exp(score - best score) over the classes so far.
struct Best {
  std::vector<float> score, sum;
  std::vector<std::int32_t> label;
};

/// One more class; the first one wins among equals. The number of voxels is a multiple of kLanes.
__attribute__((target_clones("avx512f", "avx2", "default"))) void compare(const std::vector<float>& scores,
                                                                          std::int32_t label, Best& best) {
  for (std::size_t i = 0; i < best.score.size(); i += kLanes) {
    Floats next, top, sum;
    Ints which;
    std::memcpy(&next, &scores[i], sizeof next);
    std::memcpy(&top, &best.score[i], sizeof top);
    std::memcpy(&sum, &best.sum[i], sizeof sum);
    std::memcpy(&which, &best.label[i], sizeof which);
    const Ints better = next > top;
    Floats e = better ? top - next : next - top;
    exp_of_negative(e);
    sum = better ? sum * e + 1 : sum + e;
    top = better ? next : top;
    which = better ? which * 0 + label : which;
    std::memcpy(&best.score[i], &top, sizeof top);
    std::memcpy(&best.sum[i], &sum, sizeof sum);
    std::memcpy(&best.label[i], &which, sizeof which);
  }
}

/// Weighs each number with its neighbours along an axis of `n`, `inner` numbers apart; nothing lies beyond its ends.
__attribute__((target_clones("avx512f", "avx2", "default"))) void smooth(const std::vector<float>& in,
                                                                         std::vector<float>& out, std::size_t n,
                                                                         std::size_t inner,
                                                                         const std::vector<float>& taps) {
  const std::size_t reach = taps.size() / 2, block = n * inner;
  std::fill(out.begin(), out.end(), 0.0F);
  for (std::size_t at = 0; at < in.size(); at += block)
    for (std::size_t t = 0; t < taps.size(); ++t) {
      const std::size_t back = t < reach ? reach - t : 0, ahead = t > reach ? t - reach : 0;
      if (back + ahead >= n) continue;
      const float* from = in.data() + at + ahead * inner;
      float* to = out.data() + at + back * inner;
      for (std::size_t i = 0, count = block - (back + ahead) * inner; i < count; ++i) to[i] += taps[t] * from[i];
    }
}

/// Scores of one class, (voxels of a cell, cells), become a volume of voxels.
void spread(const float* scores, const float* bias, const Sides& cells, std::vector<float>& out) {
  const std::size_t count = cells[0] * cells[1] * cells[2], wide = 2 * cells[2];
  for (std::size_t v = 0; v < kCell; ++v)
    for (std::size_t d = 0; d < cells[0]; ++d)
      for (std::size_t h = 0; h < cells[1]; ++h) {
        const float* from = scores + v * count + (d * cells[1] + h) * cells[2];
        float* to = out.data() + ((2 * d + v / 4) * 2 * cells[1] + 2 * h + v / 2 % 2) * wide + v % 2;
        for (std::size_t w = 0; w < cells[2]; ++w) to[2 * w] = from[w] + bias[v];
      }
}

Result<std::vector<float>> find_taps(const onnx::Tensors& all) {
  const auto found = all.find("taps");
  if (found == all.end()) return std::vector<float>{1};
  if (const auto n = found->second.values.size(); n % 2 == 0 || n > kMostTaps)
    return fail(Code::unsupported, "taps are {} numbers; an odd number up to {} is needed", n, kMostTaps);
  return found->second.values;
}

}  // namespace

Result<Head> Head::find(const onnx::Tensors& all, std::size_t features) {
  Head out;
  out.features_ = features;
  for (std::size_t voxel = 0; voxel < kCell; ++voxel) {
    const auto head = TRY(kernel_of(all, fmt::format("heads.{}", voxel), features));
    if (voxel == 0) {
      out.classes_ = head.to;
      out.weight_.resize(head.to * kCell * features);
      out.bias_.resize(head.to * kCell);
    }
    if (head.side != 1 || head.to != out.classes_ || head.to > kMostClasses)
      return fail(Code::unsupported, "heads.{} does not tell up to {} classes", voxel, kMostClasses);
    for (std::size_t c = 0; c < head.to; ++c) {
      out.bias_[c * kCell + voxel] = head.bias[c];
      std::copy_n(&head.weight[c * features], features, &out.weight_[(c * kCell + voxel) * features]);
    }
  }
  out.taps_ = TRY(find_taps(all));
  return out;
}

void Head::decide(const float* features, const Sides& cells, std::size_t first, std::size_t last, Answer& out) const {
  const std::size_t reach = (taps_.size() / 2 + 1) / 2;  // layers of cells
  const std::size_t low = first - std::min(first, reach), high = std::min(last + reach, cells[0]);
  const Sides slab{high - low, cells[1], cells[2]};
  const std::size_t layer = cells[1] * cells[2], count = slab[0] * layer;
  std::vector<float> scores(classes_ * kCell * count), volume(kCell * count), other(kCell * count);
  Layers::multiply(weight_.data(), features + low * layer * features_, scores.data(), classes_ * kCell, features_,
                   count);

  const std::size_t begin = (first - low) * layer * kCell, size = (last - first) * layer * kCell;
  Best best{std::vector<float>(size, -1e30F), std::vector<float>(size), std::vector<std::int32_t>(size)};
  std::vector<float> here(size);
  for (std::size_t c = 0; c < classes_; ++c) {
    spread(&scores[c * kCell * count], &bias_[c * kCell], slab, volume);
    smooth(volume, other, 2 * slab[2], 1, taps_);
    smooth(other, volume, 2 * slab[1], 2 * slab[2], taps_);
    smooth(volume, other, 2 * slab[0], 4 * slab[1] * slab[2], taps_);
    std::copy_n(other.begin() + std::ptrdiff_t(begin), size, here.begin());
    compare(here, static_cast<std::int32_t>(c), best);
  }
  for (std::size_t i = 0; i < size; ++i) {
    out.labels[first * layer * kCell + i] = static_cast<std::uint8_t>(best.label[i]);
    out.confidence[first * layer * kCell + i] = static_cast<std::uint8_t>(255 / best.sum[i] + 0.5F);
  }
}

}  // namespace larmor::onednn
