#include "services/processing/brain/border.h"

#include <algorithm>
#include <cmath>

#include "imaging/intensity.h"
#include "imaging/morphology.h"
#include "imaging/smooth.h"

namespace larmor::processing::brain {
namespace {

using imaging::Mask;
using imaging::Volume;

constexpr int kFluid = 24, kLateralVentricle = 4;
constexpr std::array kOuter = {3, 8};  // cortex of the cerebrum and of the cerebellum
constexpr double kNearby = 8;  // mm, standard deviation of the weights by which grey matter's brightness is averaged
constexpr std::size_t kLeastFluid = 1000;  // voxels of both lateral ventricles
constexpr double kPure = 0.1;  // share of the ventricles' voxels beyond which fluid is unmixed: neither wall nor plexus
constexpr float kLeastContrast = 0.25f;  // between fluid and grey matter, of grey matter's brightness
/// Of the way from fluid's brightness to grey matter's. At the middle the scan's blur draws too much cortex: painted
/// heads of known volume chose this.
constexpr float kBegin = 0.6f;
constexpr double kMostLost = 1.0 / 3;  // of cortex's outer layer; more means that brightness says nothing here

std::vector<float> within(const Volume<float>& image, const Mask& mask) {
  std::vector<float> values;
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask.voxels[i]) values.push_back(image.voxels[i]);
  return values;
}

float quantile(std::vector<float>& values, double share) {
  const auto at = values.begin() + std::ptrdiff_t(share * double(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Mean over the mask, weighted by nearness; 0 where there is no mask nearby.
Volume<float> average_nearby(const Volume<float>& image, const Mask& mask, int threads) {
  Volume<float> weight(image.grid), out(image.grid);
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask.voxels[i]) weight.voxels[i] = 1, out.voxels[i] = image.voxels[i];
  imaging::smooth(weight, kNearby, threads);
  imaging::smooth(out, kNearby, threads);
  for (std::size_t i = 0; i < out.size(); ++i)
    out.voxels[i] = weight.voxels[i] > 1e-3f ? out.voxels[i] / weight.voxels[i] : 0;
  return out;
}

Mask of_class(const Volume<std::uint8_t>& classes, int wanted) {
  return imaging::mask_where(classes, [&](std::uint8_t c) { return int(c) == wanted; });
}

/// Of fluid that shares its voxel with nothing: towards the end that lies away from grey matter.
float fluids_brightness(std::vector<float>& ventricles, float grey) {
  const bool dark = float(imaging::median(ventricles)) < grey;
  return quantile(ventricles, dark ? kPure : 1 - kPure);
}

/// The border's two layers, by index.
struct Border {
  std::vector<std::size_t> grey, fluid;
};

Border border_of(const Mask& grey, const Mask& fluid) {
  const auto near_grey = imaging::dilate(grey, 1), near_fluid = imaging::dilate(fluid, 1);
  Border out;
  for (std::size_t i = 0; i < grey.size(); ++i) {
    if (grey.voxels[i] && near_fluid.voxels[i]) out.grey.push_back(i);
    if (fluid.voxels[i] && near_grey.voxels[i]) out.fluid.push_back(i);
  }
  return out;
}

/// `ventricles`: the brightness of every voxel of them; reordered.
void settle(Volume<std::uint8_t>& whole, const Volume<float>& picture, int grey, int fluid,
            std::vector<float>& ventricles, int threads) {
  const auto box = imaging::grown(imaging::bounds(of_class(whole, grey)), 1, whole.shape());
  auto classes = imaging::crop(whole, box);
  const auto image = imaging::crop(picture, box);
  const auto mask = of_class(classes, grey);
  auto values = within(image, mask);
  if (values.empty()) return;
  const float usual = float(imaging::median(values)), ratio = fluids_brightness(ventricles, usual) / usual;
  if (!(std::abs(1 - ratio) >= kLeastContrast)) return;
  const auto mean = average_nearby(image, mask, threads);
  const auto is_grey = [&](std::size_t i) {
    return (image.voxels[i] > mean.voxels[i] * (ratio + kBegin * (1 - ratio))) == (ratio < 1);
  };
  auto border = border_of(mask, of_class(classes, fluid));
  const auto outer = double(border.grey.size());
  std::erase_if(border.grey, is_grey);
  if (double(border.grey.size()) > kMostLost * outer) return;
  for (const auto i : border.grey) classes.voxels[i] = std::uint8_t(fluid);
  for (const auto i : border.fluid)
    if (mean.voxels[i] > 0 && is_grey(i)) classes.voxels[i] = std::uint8_t(grey);
  imaging::paste(classes, box, whole);
}

}  // namespace

void settle_border(Volume<std::uint8_t>& classes, const Volume<float>& image, const Model& m, int threads) {
  const int fluid = m.class_of(kFluid);
  auto ventricles = within(image, of_class(classes, m.class_of(kLateralVentricle)));
  if (fluid < 0 || ventricles.size() < kLeastFluid) return;
  for (const int outer : kOuter)
    if (const int grey = m.class_of(outer); grey > 0) settle(classes, image, grey, fluid, ventricles, threads);
}

}  // namespace larmor::processing::brain
