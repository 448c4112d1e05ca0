#include "dicom/series/geometry.h"

#include <cmath>
#include <numeric>
#include <set>

namespace larmor::dicom {
namespace {

using imaging::cross;
using imaging::dot;
using imaging::length;

struct Candidate {
  Plane at;
  const FrameHeader* frame = nullptr;
  double along = 0;  ///< mm along the normal
};

/// Headers carry a few digits only, so their directions are not quite of length one.
Vector3 unit(const Vector3& v) {
  const double n = length(v);
  return n > 0 ? Vector3{v[0] / n, v[1] / n, v[2] / n} : v;
}

Vector3 row_of(const FrameHeader& f) {
  return unit({(*f.orientation)[0], (*f.orientation)[1], (*f.orientation)[2]});
}
Vector3 column_of(const FrameHeader& f) {
  return unit({(*f.orientation)[3], (*f.orientation)[4], (*f.orientation)[5]});
}

/// Two perpendicular directions of length one, but for rounding.
bool is_orientation(const std::array<double, 6>& o) {
  const Vector3 r{o[0], o[1], o[2]}, c{o[3], o[4], o[5]};
  return std::abs(length(r) - 1) < 1e-2 && std::abs(length(c) - 1) < 1e-2 && std::abs(dot(r, c)) < 1e-2;
}

Failure refuse(std::string why) {
  return fail_with({Code::unsupported, std::move(why), "", ""});
}

/// What each image must be by itself.
Result<void> check_image(const ImageHeader& first, const ImageHeader& h) {
  if (h.samples != 1 || (h.photometric != "MONOCHROME2" && !h.photometric.empty()))
    return refuse(
        fmt::format("its pixels are {}, not shades of grey", h.photometric.empty() ? "colour" : h.photometric));
  for (const auto& word : h.image_type)
    if (word == "MOSAIC") return refuse("its images are mosaics of many slices");
  if (h.rows != first.rows || h.columns != first.columns)
    return refuse(
        fmt::format("its images differ in size: {}x{} and {}x{}", first.columns, first.rows, h.columns, h.rows));
  if (h.frame_of_reference != first.frame_of_reference)
    return refuse("its images lie in different frames of reference");
  for (const auto& f : h.frames) {
    if (!f.position)
      return refuse(fmt::format("image {} does not say where it lies (Image Position)", h.instance_number));
    if (!f.orientation)
      return refuse(fmt::format("image {} does not say how it lies (Image Orientation)", h.instance_number));
    if (!f.spacing || (*f.spacing)[0] <= 0 || (*f.spacing)[1] <= 0)
      return refuse(fmt::format("image {} has no pixel spacing", h.instance_number));
    if (!is_orientation(*f.orientation))
      return refuse(
          fmt::format("the orientation of image {} is no pair of perpendicular directions", h.instance_number));
  }
  return {};
}

/// Directions that differ by more than about 0.6 degrees are two directions.
bool same_direction(const FrameHeader& a, const FrameHeader& b) {
  return dot(row_of(a), row_of(b)) > 0.99995 && dot(column_of(a), column_of(b)) > 0.99995;
}

Result<void> check_directions(const std::vector<Candidate>& all) {
  std::vector<const FrameHeader*> kinds;
  for (const auto& c : all) {
    const auto known =
        std::any_of(kinds.begin(), kinds.end(), [&](const auto* k) { return same_direction(*k, *c.frame); });
    if (!known) kinds.push_back(c.frame);
    if (kinds.size() > 16) break;
  }
  if (kinds.size() > 1)
    return refuse(fmt::format("its {} images lie in {}{} directions, as in a localizer or a rotating view", all.size(),
                              kinds.size() > 16 ? "more than " : "", std::min<std::size_t>(kinds.size(), 16)));
  const auto& s = *all.front().frame->spacing;
  for (const auto& c : all)
    for (std::size_t d = 0; d < 2; ++d)
      if (std::abs((*c.frame->spacing)[d] - s[d]) > 1e-3 * s[d]) return refuse("its images differ in pixel spacing");
  return {};
}

/// Several images at one place: says which attribute tells them apart.
std::string why_double(const std::vector<Candidate>& all) {
  std::set<double> echoes, b_values;
  std::set<int> times;
  std::set<std::string> kinds;
  for (const auto& c : all) {
    echoes.insert(c.frame->echo_time_ms);
    b_values.insert(c.frame->b_value);
    times.insert(c.frame->time_point);
    kinds.insert(c.frame->kind);
  }
  if (b_values.size() > 1) return fmt::format("{} diffusion weightings", b_values.size());
  if (echoes.size() > 1) return fmt::format("{} echo times", echoes.size());
  if (kinds.size() > 1) return "magnitude and phase (or other parts of complex numbers)";
  if (times.size() > 1) return fmt::format("{} time points", times.size());
  return "nothing that tells them apart";
}

/// Even steps, no two images at one place, nothing missing; gives the step.
Result<double> check_steps(const std::vector<Candidate>& sorted) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < sorted.size(); ++i) steps.push_back(sorted[i].along - sorted[i - 1].along);
  std::size_t doubles = 0;
  for (const double s : steps) doubles += s < 0.01;
  if (doubles > 0)
    return refuse(fmt::format("{} of its {} images share their position with another: {}", doubles, sorted.size(),
                              why_double(sorted)));
  auto ordered = steps;
  std::nth_element(ordered.begin(), ordered.begin() + std::ptrdiff_t(ordered.size() / 2), ordered.end());
  const double usual = ordered[ordered.size() / 2];
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double off = std::abs(steps[i] - usual);
    if (off <= std::max(0.03, 0.05 * usual)) continue;
    const double missing = std::round(steps[i] / usual) - 1;
    if (missing >= 1)
      return refuse(fmt::format(
          "there is a gap of {:.2f} mm between slices {} and {} where {:.2f} mm are usual: {:.0f} {} missing", steps[i],
          i + 1, i + 2, usual, missing, missing > 1 ? "slices are" : "slice is"));
    return refuse(fmt::format("its slices are unevenly spaced: {:.2f} mm between slices {} and {}, {:.2f} mm elsewhere",
                              steps[i], i + 1, i + 2, usual));
  }
  return (sorted.back().along - sorted.front().along) / double(sorted.size() - 1);
}

/// Slices must stack straight up: what moves sideways is a tilted gantry, and would be measured wrongly.
Result<void> check_straight(const std::vector<Candidate>& sorted, const Vector3& normal) {
  const auto& start = *sorted.front().frame->position;
  for (const auto& c : sorted) {
    Vector3 side;
    const double up = c.along - sorted.front().along;
    for (std::size_t d = 0; d < 3; ++d) side[d] = (*c.frame->position)[d] - start[d] - up * normal[d];
    if (length(side) > std::max(0.1, 0.01 * up))
      return refuse(
          fmt::format("its slices are shifted against each other by up to {:.1f} mm (a tilted gantry?)", length(side)));
  }
  return {};
}

SourceSeries describe(const SeriesImages& s, const std::vector<Candidate>& sorted, double step) {
  const ImageHeader& h = s.images[sorted.front().at.image];
  const FrameHeader& f = *sorted.front().frame;
  SourceSeries out;
  out.study = h.study;
  out.series = h.series;
  out.frame_of_reference = h.frame_of_reference;
  out.position_reference = h.position_reference;
  out.patient = h.patient;
  out.about_study = h.about_study;
  out.number = h.series_number;
  out.description = h.series_description;
  out.modality = h.modality;
  out.manufacturer = h.manufacturer;
  out.model = h.model;
  out.protocol = h.protocol;
  out.body_part = h.body_part;
  out.date = h.date;
  out.time = h.time;
  out.multiframe = h.multiframe;
  out.simulated = h.simulated;
  out.rows = h.rows;
  out.columns = h.columns;
  out.row_direction = row_of(f);
  out.column_direction = column_of(f);
  out.slice_direction = unit(cross(out.row_direction, out.column_direction));
  out.row_spacing = (*f.spacing)[0];
  out.column_spacing = (*f.spacing)[1];
  out.slice_spacing = step;
  out.slice_thickness = f.thickness;
  for (const auto& c : sorted) {
    const ImageHeader& i = s.images[c.at.image];
    out.slices.push_back({i.sop_class, i.instance, c.frame->number, *c.frame->position, i.file});
  }
  out.example = out.slices.front().file;
  return out;
}

imaging::Grid grid_of(const SourceSeries& s) {
  imaging::Grid grid;
  grid.shape = {s.slices.size(), s.rows, s.columns};
  const auto set = [&](int column, const Vector3& direction, double mm) {
    Vector3 v = direction;
    for (auto& x : v) x *= mm;
    grid.to_world.set_column(column, imaging::flip_xy(v));
  };
  set(0, s.slice_direction, s.slice_spacing);
  set(1, s.column_direction, s.row_spacing);
  set(2, s.row_direction, s.column_spacing);
  grid.to_world.set_column(3, imaging::flip_xy(s.slices.front().position));
  return grid;
}

}  // namespace

Result<Stack> stack(const SeriesImages& series) {
  std::vector<Candidate> all;
  for (std::size_t i = 0; i < series.images.size(); ++i) {
    CHECK_OK(check_image(series.first(), series.images[i]));
    for (std::size_t f = 0; f < series.images[i].frames.size(); ++f)
      all.push_back({{i, f}, &series.images[i].frames[f], 0});
  }
  if (all.empty()) return refuse("it holds no images");
  CHECK_OK(check_directions(all));
  if (all.size() < kFewestSlices)
    return refuse(fmt::format("it has {} {}; a volume needs {} or more", all.size(),
                              all.size() == 1 ? "slice" : "slices", kFewestSlices));
  const Vector3 normal = unit(cross(row_of(*all.front().frame), column_of(*all.front().frame)));
  for (auto& c : all) c.along = dot(*c.frame->position, normal);
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.along < b.along; });
  const double step = TRY(check_steps(all));
  CHECK_OK(check_straight(all, normal));

  Stack out;
  out.source = describe(series, all, step);
  out.grid = grid_of(out.source);
  if (imaging::count(out.grid.shape) > imaging::kMostVoxels)
    return refuse(fmt::format("it has more than {} voxels", imaging::kMostVoxels));
  for (const auto& c : all) out.planes.push_back(c.at);
  return out;
}

}  // namespace larmor::dicom
