/// The real network on real heads. Skipped, with a word, where the runtime, the weights or the data are absent.
#include "services/processing/brain/pipeline.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "base/test_support.h"
#include "dicom/objects/dicomize.h"
#include "imaging/nifti/nifti.h"
#include "imaging/resample.h"
#include "imaging/structures.h"

namespace larmor::processing::brain {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kHead = "/usr/share/mricron/templates/ch2.nii.gz";
const Progress kQuiet = [](double, std::string_view) {};

/// The project's own network, or another one that is to be tried.
Options network() {
  Options o;
  if (const char* given = std::getenv("LARMOR_MODELS")) o.models = given;
  return o;
}

std::string missing() {
  const Options o = network();
  if (!fs::exists(o.onnxruntime)) return "third_party/onnxruntime is absent: run tools/fetch_onnxruntime";
  if (!fs::exists(o.models / "brain/weights.onnx")) return "models/brain is absent";
  if (!fs::exists(kHead)) return "ch2.nii.gz is absent: install mricron-data";
  return "";
}

#define NEEDS_NETWORK() \
  if (const auto why = missing(); !why.empty()) GTEST_SKIP() << why

/// One run on ch2 for all tests: the network takes seconds.
const Findings& head() {
  static const Findings found = [] {
    const auto image = imaging::nifti::read_file(kHead);
    return *analyse(image->volume, network(), kQuiet);
  }();
  return found;
}

/// Mean place of a structure in the patient, mm RAS.
imaging::Point centre(const imaging::Volume<std::uint8_t>& labels, int id) {
  imaging::Point sum{};
  double n = 0;
  for (std::size_t a = 0; a < labels.shape()[0]; ++a)
    for (std::size_t b = 0; b < labels.shape()[1]; ++b)
      for (std::size_t c = 0; c < labels.shape()[2]; ++c) {
        if (labels(a, b, c) != id) continue;
        const auto p = labels.grid.to_world({double(a), double(b), double(c)});
        for (std::size_t d = 0; d < 3; ++d) sum[d] += p[d];
        ++n;
      }
  for (auto& v : sum) v /= n;
  return sum;
}

TEST(Brain, OfARealHeadHasEveryStructureInItsPlace) {
  NEEDS_NETWORK();
  const auto& found = head();
  ASSERT_EQ(found.structures.size(), 32u);
  for (const auto& m : found.structures) EXPECT_GT(m.ml, 0.1) << m.id;
  EXPECT_GT(found.intracranial_ml, found.evidence.brain_ml);
  EXPECT_LT(found.intracranial_ml, 1.5 * found.evidence.brain_ml);
  for (const auto& s : imaging::structures()) {
    if (s.side != imaging::Side::left) continue;
    EXPECT_LT(centre(found.labels, s.id)[0], centre(found.labels, s.partner)[0]) << s.key;
  }
  EXPECT_GT(centre(found.labels, 11)[1], centre(found.labels, 8)[1]) << "the caudate lies before the cerebellum";
  EXPECT_GT(centre(found.labels, 10)[2], centre(found.labels, 16)[2]) << "the thalamus lies above the brainstem";
}

TEST(Brain, TheLobesOfARealHeadAddUpToItsCortexAndLieInTheirPlaces) {
  NEEDS_NETWORK();
  const auto& lobes = head().lobes;
  ASSERT_EQ(lobes.none_because, "");
  double sum = 0, cortex = 0;
  for (const auto& v : lobes.volumes) sum += v.ml;
  for (const auto& m : head().structures)
    if (m.id == 3 || m.id == 42) cortex += m.ml;
  EXPECT_NEAR(sum, cortex, 0.001 * cortex);
  for (const int side : {0, kRightLobe}) {
    const auto frontal = centre(lobes.labels, side + 1), parietal = centre(lobes.labels, side + 2),
               temporal = centre(lobes.labels, side + 3), occipital = centre(lobes.labels, side + 4);
    EXPECT_GT(frontal[1], parietal[1] + 50);
    EXPECT_GT(parietal[1], occipital[1]);
    EXPECT_GT(parietal[2], temporal[2] + 40);
  }
  EXPECT_LT(centre(lobes.labels, 6)[0] + 40, centre(lobes.labels, kRightLobe + 6)[0]);
}

/// A head is not symmetric, so equal volumes on equal sides mean that left and right were not exchanged.
TEST(Brain, GivesTheSameVolumesHoweverTheImageIsStored) {
  NEEDS_NETWORK();
  auto image = imaging::nifti::read_file(kHead)->volume;
  // From (k, j, i) to (j, -i, -k): another order, an odd number of turns.
  imaging::Volume<float> stored(imaging::Grid{{image.shape()[1], image.shape()[2], image.shape()[0]}, {}});
  imaging::Affine back;
  back.rows = {{{0, 0, -1, double(image.shape()[0]) - 1}, {1, 0, 0, 0}, {0, -1, 0, double(image.shape()[2]) - 1}}};
  stored.grid.to_world = image.grid.to_world * back;
  for (std::size_t a = 0; a < stored.shape()[0]; ++a)
    for (std::size_t b = 0; b < stored.shape()[1]; ++b)
      for (std::size_t c = 0; c < stored.shape()[2]; ++c)
        stored(a, b, c) = image(image.shape()[0] - 1 - c, a, image.shape()[2] - 1 - b);
  const auto found = analyse(stored, network(), kQuiet);
  ASSERT_TRUE(found) << found.error().what;
  for (std::size_t i = 0; i < found->structures.size(); ++i) {
    EXPECT_EQ(found->structures[i].id, head().structures[i].id);
    EXPECT_DOUBLE_EQ(found->structures[i].ml, head().structures[i].ml) << found->structures[i].id;
  }
  EXPECT_NE(head().structures[0].ml, head().structures[18].ml)
      << "left and right must differ for this test to mean anything";
  EXPECT_EQ(imaging::nearest(found->labels, head().labels.grid).voxels, head().labels.voxels);
}

TEST(Pipeline, TurnsAStudyIntoEverythingThatItsResultNames) {
  NEEDS_NETWORK();
  Scratch in, out;
  const auto image = imaging::nifti::read_file(kHead);
  dicom::DicomizeOptions series;
  series.patient = Phi<dicom::DicomizePatient>({"Colin^", "C-27", "19650301", "M", ""});
  const auto objects = dicom::dicomize(image->volume, series);
  ASSERT_TRUE(objects);
  for (std::size_t i = 0; i < objects->size(); ++i)
    ASSERT_TRUE(write_file_durably(in.path() / fmt::format("{}.dcm", i), (*objects)[i].bytes));
  std::FILE* lines = std::fopen((out.path() / "lines").c_str(), "w");
  const int ended = child_process(in.path(), out.path(), R"({"generation": 3})", network(), lines);
  std::fclose(lines);
  ASSERT_EQ(ended, 0);
  const auto result = parse_json(*read_file(out.path() / "result.json"));
  ASSERT_TRUE(result);
  ASSERT_FALSE(result->contains("refused")) << *result;
  EXPECT_EQ((*result)["findings"]["volumes"].size(), 32u);
  EXPECT_EQ((*result)["instances"].size(), 7u);
  for (const auto* list : {"files", "instances"})
    for (const auto& name : (*result)[list]) EXPECT_GT(fs::file_size(out.path() / name.get<std::string>()), 0u) << name;
  for (const auto& v : (*result)["findings"]["volumes"]) {
    const auto same = std::find_if(head().structures.begin(), head().structures.end(),
                                   [&](const Measured& m) { return m.id == v["id"].get<int>(); });
    EXPECT_NEAR(v["ml"].get<double>(), same->ml, 0.02 * same->ml + 0.02) << v;
  }
  const auto& norms = (*result)["findings"]["norms"];
  EXPECT_EQ(norms["age"], 34) << "born in 1966, scanned in 2000";
  EXPECT_EQ(norms["structures"].size(), 35u) << norms;
  EXPECT_EQ((*parse_json(*read_file(out.path() / "norms.json")))["structures"].size(), 35u);
  EXPECT_THAT(*read_file(out.path() / "sr.dcm"), HasSubstr("Percentile Ranking of measurement"));
  const auto labels = imaging::nifti::read_file(out.path() / "labels.nii.gz");
  EXPECT_EQ(imaging::count(labels->volume.shape()), imaging::count(image->volume.shape()));
  const auto shown = imaging::nifti::read_file(out.path() / "head.nii.gz");
  EXPECT_EQ(shown->volume.shape(), labels->volume.shape());
  EXPECT_EQ(*std::max_element(shown->volume.voxels.begin(), shown->volume.voxels.end()), 255);
  EXPECT_EQ((*result)["findings"]["volumes"][0]["colour"].get<std::string>().size(), 7u);

  double last = -1;
  std::ifstream progress(out.path() / "lines");
  for (std::string line; std::getline(progress, line);) {
    const auto told = parse_json(line);
    ASSERT_TRUE(told);
    EXPECT_GT((*told)["fraction"].get<double>(), last);
    last = (*told)["fraction"].get<double>();
  }
  EXPECT_GT(last, 0.9);
}

TEST(Pipeline, GivesVolumesWithoutCentilesOfAnUnknownPersonAndSaysWhy) {
  NEEDS_NETWORK();
  Scratch out;
  const auto result = analyse_files(kHead, out.path(), network(), kQuiet);
  ASSERT_TRUE(result) << result.error().what;
  const auto& norms = (*result)["findings"]["norms"];
  EXPECT_EQ(norms["none_because"], "age and sex are not known");
  EXPECT_FALSE(norms.contains("structures"));
  EXPECT_TRUE(norms["indices"].contains("brain_fraction"));
}

TEST(Pipeline, TellsHowAPriorWasSoughtAndRefusesAPriorThatIsNoBrainButNotTheStudy) {
  NEEDS_NETWORK();
  Scratch out, nothing;
  auto options = network();
  options.prior = nothing.path();
  const Json job{{"priors", {{"words", "The scan of 14 months ago is compared"}}}};
  std::vector<double> told;
  ASSERT_TRUE(
      run(kHead, out.path(), job, options, [&](double fraction, std::string_view) { told.push_back(fraction); }));
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end())) << "two visits are one way from 0 to 1";
  const auto result = parse_json(*read_file(out.path() / "result.json"));
  const auto& findings = (*result)["findings"];
  EXPECT_EQ(findings["priors"], job["priors"]);
  EXPECT_THAT(findings["change"]["refused"].get<std::string>(), HasSubstr("holds no DICOM images"));
}

TEST(Pipeline, LaysThePriorOnTheHeadSoThatAVoxelIsOnePlaceInBoth) {
  NEEDS_NETWORK();
  Scratch folder;
  // The same head, put 7 mm further along every axis: laid on each other, the two are one picture again.
  auto image = imaging::nifti::read_file(kHead)->volume;
  for (std::size_t d = 0; d < 3; ++d) image.grid.to_world.rows[d][3] += 7;
  ASSERT_TRUE(imaging::nifti::write_file(folder.path() / "moved.nii.gz", image));
  auto options = network();
  options.prior = folder.path() / "moved.nii.gz";
  const auto result = analyse_files(kHead, folder.path() / "out", options, kQuiet);
  ASSERT_TRUE(result) << result.error().what;
  const auto now = imaging::nifti::read_file(folder.path() / "out/head.nii.gz")->volume,
             before = imaging::nifti::read_file(folder.path() / "out/prior_head.nii.gz")->volume;
  ASSERT_EQ(now.shape(), before.shape());
  double apart = 0;
  for (std::size_t i = 0; i < now.size(); ++i) apart += std::abs(double(now.voxels[i]) - double(before.voxels[i]));
  EXPECT_LT(apart / double(now.size()), 4) << "of 255 greys";
}

TEST(Pipeline, BlamesItselfWhenTheNetworkIsAbsent) {
  if (!fs::exists(kHead)) GTEST_SKIP() << "ch2.nii.gz is absent: install mricron-data";
  Scratch out;
  Options options;
  options.models = out.path();
  const auto done = run(kHead, out.path(), Json::object(), options, kQuiet);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::not_found);
  EXPECT_FALSE(fs::exists(out.path() / "result.json"));
  EXPECT_EQ(child_process(kHead, out.path(), "{}", options, stderr), 2);
  EXPECT_THAT(*read_file(out.path() / "result.json"), HasSubstr("not_found"));
}

TEST(Pipeline, RefusesAFolderWithoutImagesWithoutCallingItAFailure) {
  Scratch in, out;
  EXPECT_EQ(child_process(in.path(), out.path(), "{}", {}, stderr), 0);
  const auto result = parse_json(*read_file(out.path() / "result.json"));
  EXPECT_THAT((*result)["refused"].get<std::string>(), HasSubstr("holds no DICOM images"));
}

void expect_no_brain(const fs::path& archive) {
  NEEDS_NETWORK();
  if (!fs::exists(archive)) GTEST_SKIP() << archive << " is absent (set LARMOR_SHARED)";
  Scratch in, out;
  ASSERT_EQ(std::system(fmt::format("tar -xJf {} -C {}", archive.string(), in.path().string()).c_str()), 0);
  ASSERT_TRUE(run(in.path(), out.path(), Json::object(), network(), kQuiet));
  const auto result = parse_json(*read_file(out.path() / "result.json"));
  ASSERT_TRUE(result->contains("refused")) << *result;
  EXPECT_THAT((*result)["refused"].get<std::string>(), HasSubstr("not a brain"));
  EXPECT_FALSE(result->contains("findings"));
  EXPECT_EQ(std::distance(fs::directory_iterator(out.path()), {}), 1) << "nothing but result.json";
}

TEST(Refusal, OfAFruit) {
  expect_no_brain(shared_data("dicom/vendors/ge_fruit/ge_hdxt_sag_irspgr_fruit.tar.xz"));
}
TEST(Refusal, OfAPhantom) {
  expect_no_brain(shared_data("dicom/vendors/ge_phantom/ge_pioneer_t1_mprage_phantom.tar.xz"));
}

TEST(Brain, IsFoundInAWholeHeadWithItsSkull) {
  NEEDS_NETWORK();
  const auto file = shared_data("eval/whole_head/public/t1_crop.nii.gz");
  if (!fs::exists(file)) GTEST_SKIP() << file << " is absent (set LARMOR_SHARED)";
  const auto image = imaging::nifti::read_file(file);
  const auto found = analyse(image->volume, network(), kQuiet);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_NEAR(found->evidence.brain_ml, 1415, 150);
}

}  // namespace
}  // namespace larmor::processing::brain
