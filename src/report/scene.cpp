#include "report/scene.h"

#include <cmath>

#include "imaging/resample.h"
#include "imaging/smooth.h"
#include "imaging/structures.h"

namespace larmor::report {
namespace {

constexpr int kRight = 0, kFront = 1, kTop = 2;

int normal_axis(Plane plane) {
  return plane == Plane::axial ? kTop : plane == Plane::coronal ? kFront : kRight;
}

/// Screen columns run along the first axis, rows along the second, both against it (see Slice).
std::array<int, 2> screen_axes(Plane plane) {
  if (plane == Plane::axial) return {kRight, kFront};
  return plane == Plane::coronal ? std::array{kRight, kTop} : std::array{kFront, kTop};
}

float quantile(std::vector<float>& values, double at) {
  const auto index = static_cast<std::ptrdiff_t>(at * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return values[static_cast<std::size_t>(index)];
}

/// The mean of `change` around each voxel over those of its own kind, tissue or ventricle: else the two would cancel
/// out at their borders.
imaging::Volume<float> averaged(const imaging::Volume<float>& change, const imaging::Volume<std::uint8_t>& labels) {
  constexpr int kThreads = 2;
  const double sigma = kChangeBlurMm / 2.3548 / imaging::spacing(change.grid.to_world)[0];
  imaging::Volume<float> out(change.grid);
  for (const auto holds : {imaging::is_tissue, imaging::is_ventricle}) {
    imaging::Volume<float> share(change.grid), sum(change.grid);
    for (std::size_t i = 0; i < change.size(); ++i) {
      share.voxels[i] = holds(labels.voxels[i]) ? 1.0F : 0.0F;
      sum.voxels[i] = share.voxels[i] * change.voxels[i];
    }
    imaging::smooth(share, sigma, kThreads);
    imaging::smooth(sum, sigma, kThreads);
    for (std::size_t i = 0; i < change.size(); ++i)
      if (holds(labels.voxels[i])) out.voxels[i] = sum.voxels[i] / share.voxels[i];
  }
  return out;
}

/// How much a label adds to a slice's worth, per plane: axial shows the deep nuclei, coronal the hippocampi, sagittal
/// the midline.
double worth(Plane plane, int id) {
  const auto any = [id](std::initializer_list<int> ids) { return std::find(ids.begin(), ids.end(), id) != ids.end(); };
  if (plane == Plane::axial && any({4, 43, 10, 49, 11, 50, 12, 51, 13, 52})) return 10;
  if (plane == Plane::coronal && any({17, 53})) return 12;
  if (plane == Plane::coronal && any({4, 43, 5, 44, 10, 49, 14})) return 3;
  if (plane == Plane::sagittal && any({14, 15, 16})) return 12;
  return 0.02;
}

}  // namespace

void stretch(imaging::Volume<float>& image, const imaging::Volume<std::uint8_t>& labels) {
  std::vector<float> all, brain;
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (i % 7 == 0) all.push_back(image.voxels[i]);
    if (labels.voxels[i]) brain.push_back(image.voxels[i]);
  }
  const float black = quantile(all, 0.02);
  const float white = std::max(quantile(brain, 0.995) * 1.2F, black + 1e-6F);
  for (auto& v : image.voxels) v = std::clamp((v - black) / (white - black), 0.0F, 1.0F);
}

std::string_view name(Plane plane) {
  return plane == Plane::axial ? "axial" : plane == Plane::coronal ? "coronal" : "sagittal";
}

Result<Scene> Scene::make(const imaging::Volume<float>& image, const imaging::Volume<std::uint8_t>& labels,
                          const imaging::Volume<float>* change) {
  const auto same = [&](const imaging::Grid& g) {
    return g.shape == image.shape() && g.to_world == image.grid.to_world;
  };
  if (!same(labels.grid)) return fail(Code::invalid, "cannot draw labels of another grid over an image");
  if (change && !same(change->grid)) return fail(Code::invalid, "cannot draw a change of another grid over an image");
  if (std::all_of(labels.voxels.begin(), labels.voxels.end(), [](auto v) { return v == 0; }))
    return fail(Code::invalid, "cannot draw a brain: no voxel has a label");
  Scene scene;
  const auto grid = imaging::canonical(image.grid);
  scene.image_ = imaging::to_canonical(image, grid);
  scene.labels_ = imaging::nearest(labels, grid);
  if (change) scene.change_ = averaged(imaging::to_canonical(*change, grid), scene.labels_);
  for (auto& v : scene.image_.voxels)
    if (!std::isfinite(v)) v = 0;
  scene.brain_.low = {1 << 30, 1 << 30, 1 << 30};
  const auto& shape = grid.shape;
  for (std::size_t a = 0; a < shape[0]; ++a)
    for (std::size_t b = 0; b < shape[1]; ++b)
      for (std::size_t c = 0; c < shape[2]; ++c) {
        if (!scene.labels_(a, b, c)) continue;
        const std::array<int, 3> at{static_cast<int>(a), static_cast<int>(b), static_cast<int>(c)};
        for (int i = 0; i < 3; ++i) {
          scene.brain_.low[i] = std::min(scene.brain_.low[i], at[i]);
          scene.brain_.high[i] = std::max(scene.brain_.high[i], at[i] + 1);
        }
      }
  if (scene.brain_.high[0] == 0) return fail(Code::invalid, "cannot draw a brain: its labels are smaller than 1 mm");
  stretch(scene.image_, scene.labels_);
  return scene;
}

Window Scene::around_brain(double margin_mm) const {
  Window window = brain_;
  const auto mm = imaging::spacing(image_.grid.to_world);
  for (int i = 0; i < 3; ++i) {
    const int margin = static_cast<int>(std::lround(margin_mm / mm[i]));
    window.low[i] -= margin;
    window.high[i] += margin;
  }
  return window;
}

Slice Scene::cut(Plane plane, int index, const Window& window) const {
  const auto [across, down] = screen_axes(plane);
  const auto mm = imaging::spacing(image_.grid.to_world);
  Slice out;
  out.width = window.high[across] - window.low[across];
  out.height = window.high[down] - window.low[down];
  out.mm_x = mm[across];
  out.mm_y = mm[down];
  out.grey.resize(static_cast<std::size_t>(out.width) * out.height);
  out.labels.resize(out.grey.size());
  if (has_change()) out.change.resize(out.grey.size());
  std::array<int, 3> at{};
  at[normal_axis(plane)] = index;
  std::size_t pixel = 0;
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x, ++pixel) {
      at[across] = window.high[across] - 1 - x;
      at[down] = window.high[down] - 1 - y;
      bool inside = true;
      for (int i = 0; i < 3; ++i) inside = inside && at[i] >= 0 && at[i] < static_cast<int>(image_.shape()[i]);
      if (!inside) continue;
      const auto i = image_.index(static_cast<std::size_t>(at[0]), static_cast<std::size_t>(at[1]),
                                  static_cast<std::size_t>(at[2]));
      out.grey[pixel] = image_.voxels[i];
      out.labels[pixel] = labels_.voxels[i];
      if (has_change()) out.change[pixel] = change_.voxels[i];
    }
  return out;
}

int Scene::telling(Plane plane) const {
  const int axis = normal_axis(plane);
  std::array<double, 256> worths{};
  for (int id = 1; id < 256; ++id) worths[id] = worth(plane, id);
  std::vector<double> sums(image_.shape()[axis]);
  const auto& shape = labels_.shape();
  for (std::size_t a = 0; a < shape[0]; ++a)
    for (std::size_t b = 0; b < shape[1]; ++b)
      for (std::size_t c = 0; c < shape[2]; ++c) sums[axis == 0 ? a : axis == 1 ? b : c] += worths[labels_(a, b, c)];
  return static_cast<int>(std::max_element(sums.begin(), sums.end()) - sums.begin());
}

std::vector<int> Scene::spread(Plane plane, int count) const {
  const int axis = normal_axis(plane);
  const double low = brain_.low[axis], extent = brain_.high[axis] - low;
  std::vector<int> at;
  // The outermost tenth on either side shows little more than a rim.
  for (int i = 0; i < count; ++i) at.push_back(static_cast<int>(low + extent * (0.1 + 0.8 * (i + 0.5) / count)));
  return at;
}

double Scene::position_mm(Plane plane, int index) const {
  const int axis = normal_axis(plane);
  imaging::Point at{(brain_.low[0] + brain_.high[0]) / 2.0, (brain_.low[1] + brain_.high[1]) / 2.0,
                    (brain_.low[2] + brain_.high[2]) / 2.0};
  at[axis] = index;
  return image_.grid.to_world(at)[axis];
}

}  // namespace larmor::report
