#include "services/processing/brain/norms.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "base/file.h"
#include "base/test_support.h"
#include "base/text.h"

namespace larmor::processing::brain {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kTables = "models/brain/norms";

/// The project's norms with Larmor's volumes taken for FreeSurfer's, or with one factor and error for all.
Norms norms_with(double ratio, double error) {
  Scratch folder;
  for (const auto* name : {"nomis.csv", "nichart.csv"}) fs::copy_file(kTables / name, folder.path() / name);
  std::set<std::string> names{"intracranial"};
  for (const auto& line : split(*read_file(kTables / "nomis.csv"), '\n'))
    if (!line.empty() && line[0] != '#' && line[0] != 'i') names.insert(split(line, ',')[1]);
  std::string rows = "# model 0.0.0\nname,ratio,error,painted,spread,training,held_out,fs6,fs6_spread\n";
  for (const auto& name : names)
    rows += fmt::format("{},{},{},1,0,1,1,1,0\n", name, name == "intracranial" ? 1 : ratio,
                        name == "intracranial" ? 0 : error);
  folder.write("calibration.csv", rows);
  return *Norms::load(folder.path());
}

const Norms& plain() {
  static const Norms norms = norms_with(1, 0);
  return norms;
}

double z_of(int id, double mm3, const Reference& r) {
  return plain().stand(*plain().find(id), mm3 / 1000, r).z;
}

const Reference kWoman{70, Sex::female, 1450}, kMan{70, Sex::male, 1450};

/// The authors' own example (github.com/medicslaboratory/NOMIS, Example/out/normative_z_scores/aseg.csv): one person on
/// two scanners, once entered as a woman, once as a man. It comes from an earlier fit: hence the tolerance. Only
/// structures without image terms; the volumes are those of the example's aseg.stats.
TEST(Norms, GiveTheZScoresOfTheAuthorsExample) {
  struct Example {
    int id;
    double woman_mm3, woman_z, man_mm3, man_z;
  };
  constexpr std::array kExamples = {
      Example{17, 4136.7, -0.035, 4183.0, 0.133},   Example{53, 4566.4, 0.848, 4757.0, 1.378},
      Example{4, 3787.3, -1.918, 3825.8, -1.870},   Example{43, 2195.6, -3.044, 2224.6, -3.010},
      Example{8, 53834.3, -0.307, 55077.1, -0.120}, Example{47, 54118.2, -0.409, 55799.4, -0.163},
      Example{7, 14399.7, -0.417, 15946.5, 0.519},  Example{46, 14999.9, 0.141, 15002.3, 0.235},
      Example{52, 1947.0, -0.171, 1975.2, -0.040}};
  for (const auto& e : kExamples) {
    EXPECT_NEAR(z_of(e.id, e.woman_mm3, {46, Sex::female, 1599.748140}), e.woman_z, 0.12) << e.id;
    EXPECT_NEAR(z_of(e.id, e.man_mm3, {46, Sex::male, 1571.062276}), e.man_z, 0.12) << e.id;
  }
}

TEST(Norms, ExpectWhatIsPrintedOfHealthyAdults) {
  // Hippocampi of 3 to 4.5 ml shrink with age, ventricles double and more, women have smaller brains in smaller heads.
  const auto& n = plain();
  const auto expected = [&](const Norm* norm, double age, Sex sex, double icv) {
    return n.volume_at(*norm, 0, {age, sex, icv});
  };
  EXPECT_NEAR(expected(n.find(17), 45, Sex::female, 1420), 3.9, 0.2);
  EXPECT_NEAR(expected(n.find(17), 85, Sex::female, 1420), 3.2, 0.3);
  EXPECT_GT(expected(n.find(0, "ventricles"), 85, Sex::male, 1600),
            2 * expected(n.find(0, "ventricles"), 45, Sex::male, 1600));
  EXPECT_NEAR(expected(n.find(0, "brain"), 50, Sex::male, 1600), 1160, 50);
  EXPECT_NEAR(expected(n.find(0, "cerebral cortex"), 50, Sex::male, 1600), 480, 40);
}

TEST(Norms, GiveBothSidesOfASumAboutHalf) {
  const auto& n = plain();
  for (const auto& [left, right] : {std::pair{2, 41}, std::pair{3, 42}}) {
    const auto* sum = n.find(0, n.find(left)->name);
    EXPECT_NEAR(n.volume_at(*n.find(left), 0, kMan) + n.volume_at(*n.find(right), 0, kMan), n.volume_at(*sum, 0, kMan),
                0.02 * n.volume_at(*sum, 0, kMan));
  }
}

TEST(Norms, GrowWithTheVolumeAndComeBackFromIt) {
  const auto& n = plain();
  for (const auto* norm : {n.find(17), n.find(43), n.find(16), n.find(0, "ventricles")}) {
    double before = -1;
    for (const double z : {-2.0, -1.0, 0.0, 1.0, 2.0}) {
      const auto s = n.stand(*norm, n.volume_at(*norm, z, kWoman), kWoman);
      EXPECT_NEAR(s.z, z, 1e-9) << norm->name;
      EXPECT_NEAR(s.centile, centile_of(z), 1e-6);
      EXPECT_GT(s.centile, before);
      before = s.centile;
    }
    EXPECT_NEAR(n.stand(*norm, n.volume_at(*norm, 0, kWoman), kWoman).centile, 50, 1e-6);
  }
}

TEST(Norms, TurnLarmorsVolumesIntoFreeSurfersAndSpeakInLarmors) {
  const auto half = norms_with(0.5, 0);
  const auto as_measured = half.stand(*half.find(17), 8, kWoman),
             in_freesurfer = plain().stand(*plain().find(17), 4, kWoman);
  EXPECT_DOUBLE_EQ(as_measured.z, in_freesurfer.z);
  EXPECT_DOUBLE_EQ(as_measured.expected_ml, 2 * in_freesurfer.expected_ml);
}

TEST(Norms, WidenACentileByTheErrorOfTheCalibration) {
  const auto narrow = plain().stand(*plain().find(17), 3.5, kWoman);
  const auto unsure = norms_with(1, 0.1);
  const auto wide = unsure.stand(*unsure.find(17), 3.5, kWoman);
  EXPECT_DOUBLE_EQ(narrow.centile, wide.centile);
  EXPECT_LT(wide.low, narrow.low);
  EXPECT_GT(wide.high, narrow.high);
  EXPECT_NEAR(wide.z_error, 0.1 * 3500 / std::sqrt(unsure.find(17)->mse), 0.02)
      << "a tenth of the volume in deviations";
}

TEST(Norms, RefuseWhomTheyDoNotKnowWithAReason) {
  const auto& n = plain();
  const auto why = [&](std::optional<double> age, std::optional<Sex> sex, double icv = 1450) {
    return n.why_none({age, sex, {}}, icv).value_or("");
  };
  EXPECT_EQ(why(71, Sex::female), "");
  EXPECT_EQ(why(18, Sex::male), "");
  EXPECT_EQ(why(100, Sex::male), "");
  EXPECT_THAT(why(7, Sex::female), HasSubstr("child of 7"));
  EXPECT_THAT(why(17.9, Sex::female), HasSubstr("child"));
  EXPECT_THAT(why(101, Sex::female), HasSubstr("18 to 100"));
  EXPECT_EQ(why({}, Sex::female), "the age is not known");
  EXPECT_EQ(why(50, {}), "the sex is not known");
  EXPECT_EQ(why({}, {}), "age and sex are not known");
  EXPECT_THAT(why(50, Sex::male, 700), HasSubstr("beyond the heads"));
}

TEST(SecondOpinion, IsTheBandBetweenTwoPrintedCentiles) {
  const auto& n = plain();
  const auto* left = n.find(17);
  // nichart.csv: left hippocampus,F,40,3.158,3.501,3.715,3.914,4.180
  const auto band = [&](double ml, double age) {
    return n.second_opinion(*left, "left hippocampus", ml, {age, Sex::female, 1450});
  };
  EXPECT_EQ(band(3.0, 40)->high, 5);
  EXPECT_EQ(band(3.6, 40)->low, 25);
  EXPECT_EQ(band(3.6, 40)->high, 50);
  EXPECT_EQ(band(5.0, 40)->low, 95);
  EXPECT_EQ(band(5.0, 40)->high, 100);
  EXPECT_FALSE(band(3.6, 39)) << "the table begins at 40";
  EXPECT_FALSE(band(3.6, 94)) << "and ends at 93";
  EXPECT_TRUE(band(3.6, 93));
  EXPECT_FALSE(n.second_opinion(*n.find(16), "brainstem", 20, kWoman));
}

TEST(Norms, AreWholeInTheProject) {
  const auto norms = Norms::load(kTables);
  ASSERT_TRUE(norms) << norms.error().what;
  for (const int id : {2,  3,  4,  5,  7,  8,  10, 11, 12, 13, 14, 15, 16, 17, 18, 26,
                       28, 41, 42, 43, 44, 46, 47, 49, 50, 51, 52, 53, 54, 58, 60})
    EXPECT_TRUE(norms->find(id)) << id;
  EXPECT_FALSE(norms->find(24));
  for (const auto* file : {"LICENSE", "LICENSE.nichart"}) EXPECT_TRUE(fs::exists(kTables / file));
}

TEST(Norms, CallATableThatIsNoneCorrupt) {
  Scratch folder;
  EXPECT_EQ(Norms::load(folder.path()).error().code, Code::not_found);
  for (const auto* name : {"calibration.csv", "nichart.csv"}) fs::copy_file(kTables / name, folder.path() / name);
  folder.write("nomis.csv", "id,name\n17,hippocampus\n");
  EXPECT_EQ(Norms::load(folder.path()).error().code, Code::corrupt);
}

}  // namespace
}  // namespace larmor::processing::brain
