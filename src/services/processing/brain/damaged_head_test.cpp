/// The real network on a real head to which something was done. Skipped, with a word, where they are absent.
#include <gmock/gmock.h>

#include "base/file.h"
#include "base/test_support.h"
#include "dicom/objects/dicomize.h"
#include "dicom/series/load.h"
#include "imaging/morphology.h"
#include "imaging/nifti/nifti.h"
#include "services/processing/brain/analyse.h"
#include "services/processing/brain/phantom_testing.h"

namespace larmor::processing::brain {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

const fs::path kHead = "/usr/share/mricron/templates/ch2.nii.gz";
const Progress kQuiet = [](double, std::string_view) {};

class DamagedHead : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("models/brain/weights.onnx")) GTEST_SKIP() << "models/brain is absent";
    if (!fs::exists(kHead)) GTEST_SKIP() << "ch2.nii.gz is absent: install mricron-data";
    image_ = imaging::nifti::read_file(kHead)->volume;
  }
  static Result<Findings> analysed(const imaging::Volume<float>& image) {
    Options options;
    options.second_look = false;
    return analyse(image, options, kQuiet);
  }
  /// The voxel at a place of the template's head, mm RAS.
  imaging::Point voxel(const imaging::Point& mm) const { return (*imaging::inverse(image_.grid.to_world))(mm); }

  imaging::Volume<float> image_;
};

double ml_of(const Findings& f, int id) {
  for (const auto& m : f.structures)
    if (m.id == id) return m.ml;
  return 0;
}

TEST_F(DamagedHead, ThatMovedIsFlaggedWithItsGhosts) {
  fidget(image_, 1.5);
  const auto found = analysed(image_);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_THAT(found->flags, Contains(Field(&Flag::code, "motion")));
  EXPECT_EQ(found->quality.ghosts_along, "front to back");
}

TEST_F(DamagedHead, WithAMassOnTheRightIsDoubtful) {
  fill_ball(image_, voxel({28, -22, 34}), 12, 70.0f);  // grey as cortex, in the white matter of the right parietal lobe
  const auto found = analysed(image_);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_THAT(found->flags, Contains(AllOf(Field(&Flag::code, "mass_or_cavity"), Field(&Flag::text, HasSubstr("right")),
                                           Field(&Flag::severity, Severity::doubtful))));
  EXPECT_THAT(doubt(*found), HasSubstr("mass or cavity"));
}

TEST_F(DamagedHead, OfWhichHalfIsMissingIsRefused) {
  const auto n = image_.shape();
  const auto half = analysed(imaging::crop(image_, {{0, 0, 0}, {n[0], n[1], n[2] / 2}}));
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code, Code::unsupported);
  EXPECT_THAT(half.error().what, HasSubstr("much of the brain is not in the image"));
}

TEST_F(DamagedHead, WithBrightCortexIsNoT1) {
  const float white = 118;  // of this head; its background is 0
  for (auto& v : image_.voxels)
    if (v > 20) v = std::max(1.6f * white - v, 5.0f);
  const auto t2 = analysed(image_);
  ASSERT_FALSE(t2);
  EXPECT_THAT(t2.error().what, HasSubstr("not a T1-weighted image"));
}

/// A head with a large left ventricle, stored in several ways.
class LopsidedHead : public DamagedHead {
 protected:
  void SetUp() override {
    DamagedHead::SetUp();
    if (IsSkipped()) return;
    for (const double y : {-30, -15, 0, 12}) fill_ball(image_, voxel({-22, y, 20}), 11, 30.0f);
  }
  static void expect_left(const imaging::Volume<float>& image, const char* how) {
    const auto found = analysed(image);
    ASSERT_TRUE(found) << how << ": " << found.error().what;
    EXPECT_GT(ml_of(*found, 4), 2 * ml_of(*found, 43)) << how;
    EXPECT_FALSE(found->quality.one_sided.right) << how;
  }
};

TEST_F(LopsidedHead, KeepsItsSideInALeftHandedFileThatLiesAskew) {
  // The last index of the file runs to the right: it is turned round, and the head turned by 20 degrees about its axis.
  const auto n = image_.shape();
  auto mirrored = image_;
  for (std::size_t a = 0; a < n[0]; ++a)
    for (std::size_t b = 0; b < n[1]; ++b) std::reverse(&mirrored(a, b, 0), &mirrored(a, b, 0) + n[2]);
  imaging::Affine back, turn;
  back.rows[2][2] = -1, back.rows[2][3] = double(n[2]) - 1;
  const double t = 20 * M_PI / 180;
  turn.rows[0] = {std::cos(t), -std::sin(t), 0, 4}, turn.rows[1] = {std::sin(t), std::cos(t), 0, -7};
  mirrored.grid.to_world = turn * image_.grid.to_world * back;
  ASSERT_LT(mirrored.grid.to_world.determinant() * image_.grid.to_world.determinant(), 0);
  Scratch scratch;
  const auto file = scratch.path() / "las.nii.gz";
  ASSERT_TRUE(imaging::nifti::write_file(file, mirrored));
  expect_left(imaging::nifti::read_file(file)->volume, "NIfTI, LAS, oblique");
}

TEST_F(LopsidedHead, KeepsItsSideInDicom) {
  const auto objects = dicom::dicomize(image_, {});
  ASSERT_TRUE(objects);
  Scratch scratch;
  for (std::size_t i = 0; i < objects->size(); ++i)
    ASSERT_TRUE(write_file_durably(scratch.path() / fmt::format("{}.dcm", i), (*objects)[i].bytes));
  const auto loaded = dicom::load_t1(scratch.path());
  ASSERT_TRUE(loaded) << loaded.error().what;
  expect_left(loaded->volume, "DICOM");
}

}  // namespace
}  // namespace larmor::processing::brain
