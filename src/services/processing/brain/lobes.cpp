#include "services/processing/brain/lobes.h"

#include <algorithm>

#include "imaging/atlas_match.h"
#include "imaging/nifti/nifti.h"
#include "imaging/parallel.h"
#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

constexpr int kLeftCortex = 3, kRightCortex = 42;
constexpr std::size_t kValues = 8;  // lobes and 0, rounded up

using Labels = imaging::Volume<std::uint8_t>;

imaging::Tissues tissues() {
  using namespace imaging;
  imaging::Tissues out{};
  const auto are = [&](int tissue, std::initializer_list<int> ids) {
    for (const int id : ids) {
      const Structure* s = structure(id);
      out[std::size_t(id)] =
          std::uint8_t(tissue | (s && s->side == Side::left && tissue != kHindBrain ? kLeftHalf : 0));
    }
  };
  are(kWhiteMatter, {2, 41});
  are(kCortex, {kLeftCortex, kRightCortex});
  are(kVentricle, {4, 5, 43, 44});
  are(kDeepGrey, {10, 11, 12, 13, 26, 28, 49, 50, 51, 52, 58, 60});
  are(kMedialTemporal, {17, 18, 53, 54});
  are(kHindBrain, {7, 8, 16, 46, 47});
  return out;
}

Result<Labels> read_labels(const std::filesystem::path& file) {
  const auto image = TRY(imaging::nifti::read_file(file));
  Labels out(image.volume.grid);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float v = image.volume.voxels[i];
    if (!(v >= 0 && v <= 255 && v == std::floor(v)))
      return fail(Code::corrupt, "{} holds {} where a label should be", file.string(), v);
    out.voxels[i] = std::uint8_t(v);
  }
  return out;
}

/// The value with the most weight among the eight voxels around a place; 0 where none of them has one.
std::uint8_t most(const Labels& v, const imaging::Point& at) {
  std::array<double, kValues> votes{};
  for (std::size_t corner = 0; corner < 8; ++corner) {
    double weight = 1;
    imaging::Shape i;
    for (std::size_t d = 0; d < 3; ++d) {
      const double low = std::floor(at[d]), place = low + double(corner >> d & 1);
      weight *= place == low ? 1 - (at[d] - low) : at[d] - low;
      if (!(place >= 0 && place < double(v.shape()[d]))) weight = 0;
      i[d] = weight > 0 ? std::size_t(place) : 0;
    }
    const auto value = v(i[0], i[1], i[2]);
    if (value > 0 && value < kValues) votes[value] += weight;
  }
  const auto best = std::max_element(votes.begin(), votes.end());
  return *best > 0 ? std::uint8_t(best - votes.begin()) : 0;
}

std::vector<LobeVolume> measure(const Labels& labels) {
  std::array<double, 256> n{};
  for (const auto v : labels.voxels) ++n[v];
  const double ml = imaging::voxel_ml(labels.grid);
  std::vector<LobeVolume> out;
  for (const auto& lobe : imaging::lobes()) {
    out.push_back({lobe, imaging::Side::left, n[std::size_t(lobe.number)] * ml});
    out.push_back({lobe, imaging::Side::right, n[std::size_t(lobe.number) + kRightLobe] * ml});
  }
  return out;
}

}  // namespace

Result<LobeAtlas> load_lobe_atlas(const std::filesystem::path& folder) {
  LobeAtlas out{TRY(read_labels(folder / "structures.nii.gz")), TRY(read_labels(folder / "lobes.nii.gz"))};
  if (!imaging::is_usable(out.structures.grid.to_world) || !imaging::is_usable(out.lobes.grid.to_world))
    return fail(Code::corrupt, "the atlas in {} has no place in space", folder.string());
  return out;
}

Lobes find_lobes(const Labels& ids, const LobeAtlas& atlas, int threads) {
  Lobes out;
  const auto match = imaging::match_atlas(ids, atlas.structures, tissues(), threads);
  if (!match) {
    out.none_because = match.error().what;
    return out;
  }
  const imaging::Affine to_voxels = *imaging::inverse(atlas.lobes.grid.to_world);
  out.labels = Labels(ids.grid);
  imaging::each_slice(ids.shape()[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < ids.shape()[1]; ++b)
      for (std::size_t c = 0; c < ids.shape()[2]; ++c) {
        const int id = ids(a, b, c);
        if (id != kLeftCortex && id != kRightCortex) continue;
        const auto place = (*match)(ids.grid.to_world({double(a), double(b), double(c)}));
        const auto lobe = most(atlas.lobes, to_voxels(place));
        if (lobe > 0) out.labels(a, b, c) = std::uint8_t(lobe + (id == kRightCortex ? kRightLobe : 0));
      }
  });
  out.volumes = measure(out.labels);
  return out;
}

Json to_json(const Lobes& lobes) {
  if (!lobes.none_because.empty()) return {{"none_because", lobes.none_because}};
  Json out = Json::array();
  for (const auto& v : lobes.volumes)
    out.push_back({{"name", v.lobe.name}, {"side", imaging::name(v.side)}, {"ml", rounded(v.ml)}});
  return out;
}

std::string to_csv(const Lobes& lobes) {
  std::string out = "name,side,ml\n";
  for (const auto& v : lobes.volumes) out += fmt::format("{},{},{:.3f}\n", v.lobe.name, imaging::name(v.side), v.ml);
  return out;
}

}  // namespace larmor::processing::brain
