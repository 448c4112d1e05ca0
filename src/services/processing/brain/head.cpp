#include "services/processing/brain/head.h"

#include "imaging/morphology.h"

namespace larmor::processing::brain {
namespace {

constexpr std::size_t kBlock = 4;     // mm: noise averages out, scalp does not
constexpr std::size_t kMargin = 4;    // mm
constexpr std::size_t kHeight = 208;  // mm from the scalp's top; the foramen magnum lies at 150 to 175

}  // namespace

imaging::Box find_head(const imaging::Volume<float>& v, float above) {
  imaging::Grid coarse;
  for (int d = 0; d < 3; ++d) coarse.shape[d] = (v.shape()[d] + kBlock - 1) / kBlock;
  imaging::Volume<float> sum(coarse);
  for (std::size_t a = 0; a < v.shape()[0]; ++a)
    for (std::size_t b = 0; b < v.shape()[1]; ++b)
      for (std::size_t c = 0; c < v.shape()[2]; ++c) sum(a / kBlock, b / kBlock, c / kBlock) += v(a, b, c);
  imaging::Mask bright(coarse);
  const float enough = above * float(kBlock * kBlock * kBlock);
  for (std::size_t i = 0; i < sum.size(); ++i) bright.voxels[i] = sum.voxels[i] > enough;

  imaging::Box box = imaging::bounds(imaging::largest_piece(bright));
  if (box.high[0] == 0) return {};
  for (int d = 0; d < 3; ++d) box.low[d] *= kBlock, box.high[d] *= kBlock;
  box = imaging::grown(box, kMargin, v.shape());
  if (box.high[2] - box.low[2] > kHeight) box.low[2] = box.high[2] - kHeight;
  return box;
}

}  // namespace larmor::processing::brain
