#include "dicom/series/choose.h"

#include <gmock/gmock.h>

namespace larmor::dicom {
namespace {

using testing::HasSubstr;

SeriesImages series(int number, const std::string& description, double mm = 1, int slices = 160) {
  SeriesImages s;
  s.uid = SeriesUid(fmt::format("1.2.{}", number));
  for (int i = 0; i < slices; ++i) {
    ImageHeader h;
    h.series = s.uid;
    h.instance = SopUid(fmt::format("1.2.{}.{}", number, i));
    h.modality = "MR";
    h.photometric = "MONOCHROME2";
    h.series_number = number;
    h.series_description = description;
    h.instance_number = i + 1;
    h.image_type = {"ORIGINAL", "PRIMARY", "M"};
    h.rows = h.columns = 256;
    FrameHeader f;
    f.position = {0, 0, mm * i};
    f.orientation = {1, 0, 0, 0, 1, 0};
    f.spacing = {mm, mm};
    h.frames = {f};
    s.images.push_back(h);
  }
  return s;
}

template <class F>
SeriesImages with(SeriesImages s, F change) {
  for (auto& h : s.images) change(h);
  return s;
}

std::string chosen(const std::vector<SeriesImages>& all) {
  const auto c = choose_t1(all);
  return c ? all[c->series].first().series_description : "none: " + c.error().what;
}

TEST(Choice, TakesTheT1AndSaysWhyTheOthersStayAside) {
  const std::vector<SeriesImages> study{series(1, "localizer", 5, 3), series(2, "Ax T2 FLAIR", 1),
                                        series(3, "Sag MPRAGE"),
                                        with(series(4, "ep2d_diff", 2, 30), [](ImageHeader& h) {
                                          h.image_type = {"ORIGINAL", "PRIMARY", "DIFFUSION"};
                                        })};
  const auto c = choose_t1(study);
  ASSERT_TRUE(c) << c.error().what;
  EXPECT_EQ(c->series, 2u);
  EXPECT_THAT(c->reason, HasSubstr("series 3 'Sag MPRAGE' chosen: T1 by its name, 1 x 1 x 1 mm, 160 slices"));
  EXPECT_THAT(c->reason, HasSubstr("series 1 'localizer' is a localizer"));
  EXPECT_THAT(c->reason, HasSubstr("series 2 'Ax T2 FLAIR' is FLAIR"));
  EXPECT_THAT(c->reason, HasSubstr("series 4 'ep2d_diff' is a diffusion image"));
}

TEST(Choice, TakesTheThinnestOriginalFlair) {
  const std::vector<SeriesImages> study{series(1, "Sag MPRAGE"), series(2, "Ax FLAIR", 5, 30),
                                        series(3, "Sag FLAIR 3D"),
                                        with(series(4, "FLAIR 3D MPR", 0.8), [](ImageHeader& h) {
                                          h.image_type = {"DERIVED", "SECONDARY", "MPR"};
                                        })};
  const auto c = choose_flair(study);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->series, 2u);
  EXPECT_EQ(c->reason, "series 3 'Sag FLAIR 3D' is FLAIR, 1 x 1 x 1 mm, 160 slices");
  EXPECT_FALSE(choose_flair({series(1, "Sag MPRAGE")}));
}

TEST(Choice, PrefersFinerVoxels) {
  EXPECT_EQ(chosen({series(1, "T1 thick", 3, 60), series(2, "T1 fine", 1)}), "T1 fine");
}

TEST(Choice, PrefersAsAcquiredToDerived) {
  const auto derived = with(series(1, "T1 reformatted", 0.8), [](ImageHeader& h) { h.image_type[0] = "DERIVED"; });
  EXPECT_EQ(chosen({derived, series(2, "T1 fine", 1)}), "T1 fine");
}

TEST(Choice, PrefersTheHeadBeforeContrastAgent) {
  const auto post = with(series(1, "T1 a"), [](ImageHeader& h) { h.contrast_agent = "Gadovist"; });
  EXPECT_EQ(chosen({post, series(2, "T1 b")}), "T1 b");
  EXPECT_EQ(chosen({post}), "T1 a");
}

TEST(Choice, PrefersTheEvenlyLitOfTwoEqualSeries) {
  const auto lit = with(series(6, "T1 even"), [](ImageHeader& h) { h.image_type.push_back("NORM"); });
  EXPECT_EQ(chosen({series(5, "T1 raw"), lit}), "T1 even");
}

TEST(Choice, TakesTheFirstOfEquals) {
  EXPECT_EQ(chosen({series(4, "T1 x"), series(5, "T1 y")}), "T1 x");
}

TEST(Choice, KnowsAT1ByItsTimingWhereNamesSayNothing) {
  const auto t1 = with(series(1, "3D head"),
                       [](ImageHeader& h) { h.scanning_sequence = "GR", h.acquisition = "3D", h.echo_ms = 3; });
  const auto c = choose_t1({t1});
  ASSERT_TRUE(c);
  EXPECT_THAT(c->reason, HasSubstr("T1 by its timing"));
  const auto long_echo = with(series(1, "head"), [](ImageHeader& h) { h.echo_ms = 95; });
  EXPECT_THAT(chosen({long_echo}), HasSubstr("echo time of 95 ms"));
}

TEST(Choice, BelievesTheDescriptionBeforeTheProtocol) {
  const auto routine = [](ImageHeader& h) { h.protocol = "Brain T1 T2 routine"; };
  EXPECT_THAT(chosen({with(series(2, "T2 TSE sag"), routine)}), HasSubstr("'T2 TSE sag' is named as another contrast"));
  EXPECT_EQ(chosen({with(series(2, "T2 TSE sag"), routine), with(series(3, "sag 3D"), routine)}), "sag 3D");
}

TEST(Choice, RefusesAStudyWithoutAT1AndGivesEachReason) {
  auto broken = series(2, "T1 sag");
  broken.images.erase(broken.images.begin() + 50);
  const auto why =
      chosen({series(1, "scout", 5, 3), broken, with(series(3, "CT head"), [](ImageHeader& h) { h.modality = "CT"; })});
  EXPECT_THAT(why, HasSubstr("series 1 'scout' is a localizer"));
  EXPECT_THAT(why, HasSubstr("series 2 'T1 sag' is no volume: there is a gap of 2.00 mm"));
  EXPECT_THAT(why, HasSubstr("series 3 'CT head' is CT, not MR"));
  EXPECT_THAT(chosen({}), HasSubstr("no image"));
}

}  // namespace
}  // namespace larmor::dicom
