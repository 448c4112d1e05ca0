#include "services/processing/brain/model.h"

#include <openssl/evp.h>

#include "base/file.h"

namespace larmor::processing::brain {
namespace {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

Result<ModelClass> parse_class(const Json& j) {
  if (j.contains("freesurfer")) {
    const int id = TRY(member<int>(j, "freesurfer"));
    return ModelClass{id, id};
  }
  return ModelClass{TRY(member<int>(j, "freesurfer_left")), TRY(member<int>(j, "freesurfer_right"))};
}

}  // namespace

int Model::class_of(int freesurfer) const {
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (classes[i].left == freesurfer || classes[i].right == freesurfer) return int(i);
  return -1;
}

Result<Model> parse_manifest(const Json& j) {
  Model m;
  m.name = TRY(member<std::string>(j, "name"));
  m.version = TRY(member<std::string>(j, "version"));
  const auto weights = TRY(member<Json>(j, "weights"));
  m.weights = TRY(member<std::string>(weights, "file"));
  m.sha256 = TRY(member<std::string>(weights, "sha256"));
  const auto input = TRY(member<Json>(j, "input"));
  m.input = TRY(member<std::string>(input, "name"));
  m.side_multiple = TRY(member<std::size_t>(input, "side_multiple"));
  if (m.side_multiple < 1 || m.side_multiple > 64)
    return fail(Code::unsupported, "sides of multiples of {}", m.side_multiple);
  if (const auto orientation = TRY(member<std::string>(input, "orientation")); orientation != "RAS")
    return fail(Code::unsupported, "the network wants its image in {}; this version turns images to RAS", orientation);
  if (const auto mm = TRY(member<std::vector<double>>(input, "spacing_mm")); mm != std::vector<double>{1, 1, 1})
    return fail(Code::unsupported, "the network wants a grid other than 1 mm");
  const auto scale = TRY(member<Json>(input, "normalisation"));
  if (TRY(member<std::string>(scale, "subset")) != "above_mean" || TRY(member<double>(scale, "percentile")) != 0.9)
    return fail(Code::unsupported,
                "the network wants its intensities scaled by a rule that this version does not know");
  const auto padding = TRY(member<Json>(input, "padding"));
  m.crop_above = TRY(member<float>(padding, "crop_above"));
  m.extra = TRY(member<std::size_t>(padding, "extra"));
  for (const auto& output : TRY(member<Json>(j, "outputs"))) {
    const auto name = TRY(member<std::string>(output, "name"));
    if (name == "labels") m.labels = name;
    if (name == "confidence") m.confidence = name;
  }
  if (m.labels.empty() || m.confidence.empty())
    return fail(Code::unsupported, "the network has no outputs labels and confidence");
  for (const auto& c : TRY(member<Json>(j, "classes"))) m.classes.push_back(TRY(parse_class(c)));
  if (m.classes.size() < 2 || m.classes.size() > 256) return fail(Code::unsupported, "{} classes", m.classes.size());
  m.plane_classes = TRY(member<std::vector<int>>(TRY(member<Json>(j, "sides")), "fitted_to"));
  for (const int c : m.plane_classes)
    if (c < 1 || c >= int(m.classes.size()))
      return fail(Code::invalid, "sides.fitted_to names class {}, which is none", c);
  return m;
}

Result<Model> load_model(const std::filesystem::path& folder) {
  const auto manifest = folder / "manifest.json";
  const auto text = TRY(read_file(manifest, 1 << 20));
  auto model = parse_manifest(TRY(parse_json(text)));
  if (!model) return fail_with(while_doing(fmt::format("cannot use {}", manifest.string()), model.error()));
  model->weights = folder / model->weights;
  const auto bytes = TRY(read_file(model->weights, std::size_t{1} << 28));
  if (const auto found = sha256_hex(bytes); found != model->sha256)
    return fail_with({Code::corrupt,
                      fmt::format("{} are not the weights that {} describes: SHA-256 {}, expected {}",
                                  model->weights.string(), manifest.string(), found, model->sha256),
                      "put both files back as they were delivered", ""});
  return model;
}

}  // namespace larmor::processing::brain
