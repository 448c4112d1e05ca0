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

using Best = Head::Scratch::Best;

/// One more class; the first one wins among equals. The number of voxels is a multiple of kLanes.
__attribute__((target_clones("avx512f", "avx2", "default"))) void compare(const float* scores, std::int32_t label,
                                                                          Best& best) {
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

/// Weighs each number of [first, last) with its neighbours along an axis of `n`, `inner` numbers apart; nothing lies
/// beyond the ends of the axis. Numbers that have all neighbours are taken kLanes at a time.
__attribute__((target_clones("avx512f", "avx2", "default"))) void smooth(const float* in, float* out, std::size_t first,
                                                                         std::size_t last, std::size_t n,
                                                                         std::size_t inner,
                                                                         const std::vector<float>& taps) {
  const std::size_t reach = taps.size() / 2, block = n * inner;
  const auto at_end = [&](std::size_t i) {
    const std::size_t place = i % block / inner;
    float sum = 0;
    for (std::size_t t = reach - std::min(reach, place); t < taps.size() && place + t < n + reach; ++t)
      sum += taps[t] * in[i + t * inner - reach * inner];
    out[i] = sum;
  };
  std::size_t i = first;
  while (i < last) {
    const std::size_t start = i / block * block, from = start + std::min(reach, n) * inner;
    const std::size_t to = std::min(last, start + (n - std::min(reach, n)) * inner),
                      end = std::min(last, start + block);
    for (; i < std::min(from, end); ++i) at_end(i);
    for (; i + kLanes <= to; i += kLanes) {
      Floats sum{}, next;
      for (std::size_t t = 0; t < taps.size(); ++t) {
        std::memcpy(&next, in + i + t * inner - reach * inner, sizeof next);
        sum += taps[t] * next;
      }
      std::memcpy(out + i, &sum, sizeof sum);
    }
    for (; i < end; ++i) at_end(i);
  }
}

/// Scores of one class, (voxels of a cell, cells), become a volume of voxels.
void spread(const float* scores, const float* bias, const Sides& cells, float* out) {
  const std::size_t count = cells[0] * cells[1] * cells[2], wide = 2 * cells[2];
  for (std::size_t v = 0; v < kCell; ++v)
    for (std::size_t d = 0; d < cells[0]; ++d)
      for (std::size_t h = 0; h < cells[1]; ++h) {
        const float* from = scores + v * count + (d * cells[1] + h) * cells[2];
        float* to = out + ((2 * d + v / 4) * 2 * cells[1] + 2 * h + v / 2 % 2) * wide + v % 2;
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

void Head::decide(const float* features, const Sides& cells, std::size_t first, std::size_t last, Scratch& scratch,
                  Answer& out) const {
  const std::size_t reach = (taps_.size() / 2 + 1) / 2;  // layers of cells
  const std::size_t low = first - std::min(first, reach), high = std::min(last + reach, cells[0]);
  const Sides slab{high - low, cells[1], cells[2]};
  const std::size_t layer = cells[1] * cells[2], count = slab[0] * layer, voxels = kCell * count;
  scratch.scores.resize(classes_ * voxels);
  scratch.volume.resize(voxels);
  scratch.other.resize(voxels);
  float *scores = scratch.scores.data(), *volume = scratch.volume.data(), *other = scratch.other.data();
  Layers::multiply(weight_.data(), features + low * layer * features_, scores, classes_ * kCell, features_, count);

  const std::size_t begin = (first - low) * layer * kCell, size = (last - first) * layer * kCell;
  auto& best = scratch.best;
  best.score.assign(size, -1e30F);
  best.sum.assign(size, 0);
  best.label.assign(size, 0);
  for (std::size_t c = 0; c < classes_; ++c) {
    spread(scores + c * voxels, &bias_[c * kCell], slab, volume);
    smooth(volume, other, 0, voxels, 2 * slab[2], 1, taps_);
    smooth(other, volume, 0, voxels, 2 * slab[1], 2 * slab[2], taps_);
    smooth(volume, other, begin, begin + size, 2 * slab[0], 4 * slab[1] * slab[2], taps_);
    compare(other + begin, static_cast<std::int32_t>(c), best);
  }
  for (std::size_t i = 0; i < size; ++i) {
    out.labels[first * layer * kCell + i] = static_cast<std::uint8_t>(best.label[i]);
    out.confidence[first * layer * kCell + i] = static_cast<std::uint8_t>(255 / best.sum[i] + 0.5F);
  }
}

}  // namespace larmor::onednn
