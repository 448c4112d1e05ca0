#include "services/processing/brain/model.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/file.h"
#include "base/test_support.h"
#include "imaging/structures.h"

namespace larmor::processing::brain {
namespace {

using testing::HasSubstr;

Json manifest() {
  return Json::parse(R"({
    "name": "larmor-brain", "version": "0.1.0",
    "weights": {"file": "weights.onnx", "sha256": "00"},
    "input": {"name": "image", "orientation": "RAS", "spacing_mm": [1, 1, 1], "side_multiple": 16,
              "normalisation": {"subset": "above_mean", "percentile": 0.9}, "padding": {"crop_above": 0.05, "extra": 16}},
    "outputs": [{"name": "labels"}, {"name": "confidence"}],
    "classes": [{"freesurfer": 0}, {"freesurfer_left": 2, "freesurfer_right": 41}, {"freesurfer": 16}],
    "sides": {"fitted_to": [1]}})");
}

TEST(Manifest, NamesTheClassesOfTheNetwork) {
  const auto m = parse_manifest(manifest());
  ASSERT_TRUE(m) << m.error().what;
  EXPECT_EQ(m->class_of(41), 1);
  EXPECT_EQ(m->class_of(2), 1);
  EXPECT_EQ(m->class_of(16), 2);
  EXPECT_EQ(m->class_of(17), -1);
}

TEST(Manifest, WithARuleThatLarmorDoesNotFollowIsRefused) {
  const auto refused = [](const char* pointer, Json value) {
    Json j = manifest();
    j[Json::json_pointer(pointer)] = std::move(value);
    return !parse_manifest(j);
  };
  EXPECT_TRUE(refused("/input/orientation", "LPS"));
  EXPECT_TRUE(refused("/input/spacing_mm", {1, 1, 2}));
  EXPECT_TRUE(refused("/input/normalisation/subset", "all"));
  EXPECT_TRUE(refused("/outputs", Json::array({{{"name", "labels"}}})));
  EXPECT_TRUE(refused("/sides/fitted_to", {7}));
  EXPECT_TRUE(refused("/classes", Json::array()));
  EXPECT_TRUE(refused("/input/side_multiple", 0));
  EXPECT_TRUE(refused("/name", 5));
}

TEST(Model, WithOtherWeightsThanItsManifestSaysIsNotUsed) {
  const Scratch scratch;
  const auto& folder = scratch.path();
  EXPECT_EQ(load_model(folder).error().code, Code::not_found);
  ASSERT_TRUE(write_file_durably(folder / "manifest.json", manifest().dump()));
  EXPECT_FALSE(load_model(folder));
  ASSERT_TRUE(write_file_durably(folder / "weights.onnx", "other weights"));
  const auto m = load_model(folder);
  ASSERT_FALSE(m);
  EXPECT_EQ(m.error().code, Code::corrupt);
  EXPECT_THAT(m.error().what, HasSubstr("weights.onnx"));
}

TEST(Model, ThatIsShippedKnowsEveryStructureThatLarmorNames) {
  if (!std::filesystem::exists("models/brain/manifest.json")) GTEST_SKIP() << "models/brain is absent";
  const auto m = load_model("models/brain");
  ASSERT_TRUE(m) << m.error().what;
  for (const auto& s : imaging::structures()) EXPECT_GE(m->class_of(s.id), 1) << s.key;
}

}  // namespace
}  // namespace larmor::processing::brain
