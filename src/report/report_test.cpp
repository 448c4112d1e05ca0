#include "report/report.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <fstream>
#include <regex>

#include "base/test_support.h"
#include "imaging/structures.h"
#include "report/outline.h"
#include "report/table.h"

namespace larmor::report {
namespace {

using imaging::Affine;
using imaging::Grid;

/// A ball of tissue with a hippocampus on the patient's left, and something bright on that side's scalp.
struct Head {
  imaging::Volume<float> image;
  imaging::Volume<std::uint8_t> labels;
};

Head make_head(const Affine& to_world, imaging::Shape shape) {
  Head head{imaging::Volume<float>(Grid{shape, to_world}), imaging::Volume<std::uint8_t>(Grid{shape, to_world})};
  for (std::size_t a = 0; a < shape[0]; ++a)
    for (std::size_t b = 0; b < shape[1]; ++b)
      for (std::size_t c = 0; c < shape[2]; ++c) {
        const auto p = to_world({double(a), double(b), double(c)});
        const double r = imaging::length(p);
        if (r < 30) {
          head.image(a, b, c) = static_cast<float>(100 - r);
          head.labels(a, b, c) = p[0] < 0 ? 2 : 41;
        }
        if (imaging::length({p[0] + 15, p[1], p[2] + 5}) < 6) head.labels(a, b, c) = 17;
        if (imaging::length({p[0] - 15, p[1], p[2] + 5}) < 5) head.labels(a, b, c) = 53;
      }
  return head;
}

const Affine kAxial{{{{0, 0, 1, -40}, {0, 1, 0, -40}, {1, 0, 0, -40}}}};
const Affine kLeftFirst{{{{0, 0, -1, 40}, {0, 1, 0, -40}, {1, 0, 0, -40}}}};
const Affine kSagittal{{{{1, 0, 0, -40}, {0, 0, -1, 40}, {0, -1, 0, 40}}}};

Findings some_findings() {
  Findings f;
  f.subject = Phi<Subject>({"Hopper^Grace", "P-1", "19061209", "F", "085Y"});
  f.acquisition = {"19911231", "MRI of the head", "A-1", "T1 3D", "Scanner", "81 × 81 × 81"};
  f.volumes = {{17, 3.0}, {53, 2.0}, {2, 200}, {41, 210}, {4, 10}, {16, 20}, {24, 100}};
  f.intracranial_ml = 1000;
  f.flags = {"The head is a ball"};
  f.version = "0.1.0";
  f.made = "1991-12-31T23:59:58";
  return f;
}

Norms some_norms() {
  Norms n;
  n.person = "woman of 85 years with an intracranial volume of 1000 ml";
  n.rows = {{"Brain", 0, 432, 450, -0.5, 0.4, "31", "18 to 46"},
            {"Hippocampus", 17, 3.0, 2.9, 0.2, 0.6, "58", "34 to 79"},
            {"Hippocampus", 53, 2.0, 2.9, -9, 0.6, "<1", "<1"}};
  n.charts = {{"Brain",
               {20, 60, 95},
               {{{400, 380, 300}, {450, 430, 350}, {500, 480, 400}, {550, 530, 450}, {600, 580, 500}}},
               85,
               432,
               420,
               445}};
  n.indices = {{"Brain parenchymal fraction", "0.432"}};
  n.second = {{"Left hippocampus", "50 to 75"}};
  n.notes = {"the age was a guess"};
  n.method = "Healthy adults were measured by another program.";
  return n;
}

Since some_change() {
  Since s;
  s.prior = {"19891231", "", "", "T1 2D", "Older scanner", "40 × 40 × 40"};
  s.interval = "2.0 years";
  s.verdict = "faster than normal ageing";
  s.words = "because of these figures";
  s.rows = {{"Brain", 440, 432, -1.83, 0.12, -0.92, 0.06}, {"Ventricles", 9.5, 10, 5.13, 0.2, 2.56, 0.1}};
  s.normal = {{18, 54, 90}, {0, -0.4, -0.7}, {-0.2, -0.6, -0.9}, 85, -0.92, -1.03, -0.80};
  s.warnings = {"another scanner: the prior's is old"};
  s.method = "How it was measured.";
  return s;
}

double area(const Loop& loop) {
  double twice = 0;
  for (std::size_t i = 0; i < loop.size(); ++i) {
    const auto &a = loop[i], &b = loop[(i + 1) % loop.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice / 2);
}

TEST(Outline, IsClosedAndEnclosesAboutAsMuchAsThePixels) {
  constexpr int kSize = 40;
  std::vector<std::uint8_t> labels(std::size_t{kSize} * kSize);
  int pixels = 0;
  for (int y = 0; y < kSize; ++y)
    for (int x = 0; x < kSize; ++x)
      if (std::hypot(x - 20, y - 20) < 12) labels[y * kSize + x] = 7, ++pixels;
  const auto loops = outline(labels, kSize, kSize, 7);
  ASSERT_EQ(loops.size(), 1u);
  EXPECT_NEAR(area(loops[0]), pixels, pixels * 0.04);
}

TEST(Outline, FollowsHolesAndKeepsPixelsThatOnlyTouchApart) {
  // A ring, and two pixels that share a corner.
  std::vector<std::uint8_t> labels(std::size_t{12} * 12);
  for (int y = 1; y < 6; ++y)
    for (int x = 1; x < 6; ++x) labels[y * 12 + x] = x > 2 && x < 4 && y > 2 && y < 4 ? 0 : 1;
  labels[8 * 12 + 8] = labels[9 * 12 + 9] = 1;
  EXPECT_EQ(outline(labels, 12, 12, 1).size(), 4u);
  EXPECT_TRUE(outline(labels, 12, 12, 5).empty());
}

TEST(Scene, ShowsThePatientsLeftOnTheRightHoweverTheVoxelsLie) {
  for (const auto& affine : {kAxial, kLeftFirst, kSagittal}) {
    const auto head = make_head(affine, {81, 81, 81});
    const auto scene = Scene::make(head.image, head.labels);
    ASSERT_TRUE(scene) << scene.error().what;
    for (const auto plane : {Plane::axial, Plane::coronal}) {
      const auto cut = scene->cut(plane, scene->telling(plane), scene->around_brain(5));
      double left = 0, right = 0;
      int left_count = 0, right_count = 0;
      for (int y = 0; y < cut.height; ++y)
        for (int x = 0; x < cut.width; ++x) {
          const auto id = cut.labels[static_cast<std::size_t>(y) * cut.width + x];
          if (id == 17 || id == 2) left += x, ++left_count;
          if (id == 53 || id == 41) right += x, ++right_count;
        }
      ASSERT_GT(left_count, 0);
      ASSERT_GT(right_count, 0);
      EXPECT_GT(left / left_count, right / right_count) << name(plane);
    }
  }
}

TEST(Scene, CutsTheCoronalSliceThroughTheHippocampi) {
  const auto head = make_head(kAxial, {81, 81, 81});
  const auto scene = Scene::make(head.image, head.labels);
  EXPECT_NEAR(scene->position_mm(Plane::coronal, scene->telling(Plane::coronal)), 0, 1.01);
}

TEST(Scene, RefusesLabelsThatAreNotThereOrOfAnotherGrid) {
  auto head = make_head(kAxial, {20, 20, 20});
  EXPECT_FALSE(Scene::make(head.image, imaging::Volume<std::uint8_t>(Grid{{20, 20, 21}, kAxial})));
  std::fill(head.labels.voxels.begin(), head.labels.voxels.end(), 0);
  EXPECT_EQ(Scene::make(head.image, head.labels).error().code, Code::invalid);
}

TEST(Table, HasAsymmetryOverTheMeanOfBothSidesAndPercentOfTheSkull) {
  const auto groups = tabulate(some_findings());
  const auto row = [&](int id) {
    for (const auto& g : groups)
      for (const auto& r : g.rows)
        if (r.structure == id) return r;
    return TableRow{};
  };
  EXPECT_NEAR(*row(17).asymmetry, 40, 1e-9);
  EXPECT_NEAR(*row(17).percent, 0.5, 1e-9);
  EXPECT_FALSE(row(16).asymmetry);
  EXPECT_FALSE(row(16).left);
  EXPECT_FALSE(row(4).right) << "an absent side stays empty";
  EXPECT_EQ(row(10).structure, 0) << "what was not measured has no row";
  const auto sums = add_up(some_findings());
  EXPECT_NEAR(sums.brain, 435, 1e-9) << "without ventricles and fluid";
  EXPECT_NEAR(sums.ventricles, 10, 1e-9);
  EXPECT_NEAR(sums.hippocampi, 5, 1e-9);
}

TEST(Table, WritesNamesAsPeopleDo) {
  EXPECT_EQ(readable_name("Hopper^Grace^Brewster"), "Hopper, Grace Brewster");
  EXPECT_EQ(readable_name("Yamada^Tarou=山田^太郎=やまだ^たろう"), "Yamada, Tarou (山田 太郎)");
  EXPECT_EQ(readable_name("=王^小東"), "王 小東");
  EXPECT_EQ(readable_name("PHANTOM"), "PHANTOM");
  EXPECT_EQ(readable_name("^^^"), "");
}

TEST(Table, GivesThreeFigures) {
  EXPECT_EQ(three_figures(1512.6), "1513");
  EXPECT_EQ(three_figures(20.94), "20.9");
  EXPECT_EQ(three_figures(3.149), "3.15");
  EXPECT_EQ(signed_number(-3.14, 1), "−3.1");
}

std::string shell(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return {};
  std::array<char, 4096> block{};
  while (const auto n = std::fread(block.data(), 1, block.size(), pipe)) text.append(block.data(), n);
  ::pclose(pipe);
  return text;
}

class Page : public testing::Test {
 protected:
  void SetUp() override {
    const auto head = make_head(kAxial, {81, 81, 81});
    scene_ = std::move(*Scene::make(head.image, head.labels));
  }
  std::string tell(const std::string& tool, const std::string& pdf) {
    const Scratch scratch;
    return shell(tool + " " + scratch.write("page.pdf", pdf).string() + (tool.starts_with("pdftotext") ? " -" : ""));
  }
  Scene scene_;
};

TEST_F(Page, IsTheSameBytesWhenDrawnAgain) {
  const auto once = page_pdf(some_findings(), scene_), again = page_pdf(some_findings(), scene_);
  ASSERT_TRUE(once && again);
  EXPECT_TRUE(*once == *again);
}

TEST_F(Page, SaysWhoWhenWhatAndThatItIsNoMedicalDevice) {
  if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not installed";
  const auto pdf = page_pdf(some_findings(), scene_);
  ASSERT_TRUE(pdf);
  const auto text = tell("pdftotext", *pdf);
  for (const auto* wanted : {"Hopper, Grace", "P-1", "9 Dec 1906", "31 Dec 1991", "85 years, female", "Hippocampus",
                             "3.00", "The head is a ball", "Not a medical device", "1991-12-31 23:59:58"})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << " in\n" << text;
}

TEST_F(Page, IsTwoSheetsOfA4WithTheDateOfTheStudy) {
  if (std::system("command -v pdfinfo >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdfinfo (Debian: poppler-utils) is not installed";
  const auto text = tell("TZ=UTC pdfinfo", *page_pdf(some_findings(), scene_));
  EXPECT_NE(text.find("Pages:           2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("A4"), std::string::npos) << text;
  EXPECT_NE(text.find("Dec 31 23:59:58 1991"), std::string::npos) << text;
}

TEST_F(Page, HasCentilesWhereSomebodyWasCompared) {
  if (std::system("command -v pdfinfo >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdfinfo (Debian: poppler-utils) is not installed";
  auto findings = some_findings();
  findings.norms = some_norms();
  const auto pdf = *page_pdf(findings, scene_);
  const auto pages = tell("pdfinfo", pdf);
  EXPECT_NE(pages.find("Pages:           2\n"), std::string::npos) << pages;
  auto text = tell("pdftotext -raw", pdf);
  std::replace(text.begin(), text.end(), '\n', ' ');
  for (const auto* wanted : {"Page 1 of 2", "Page 2 of 2", "centile 31 (18 to 46)", "Compared with healthy adults",
                             "(34 to 79)", "<1", "woman of 85 years", "Quality flags were raised", "0.432", "50 to 75",
                             "the age was a guess", "another program"})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << " in\n" << text;
}

TEST_F(Page, HasTheFiguresThatWereFound) {
  if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not installed";
  for (const bool compared : {false, true}) {
    auto findings = some_findings();
    if (compared) findings.norms = some_norms();
    const auto text = tell("pdftotext -layout", *page_pdf(findings, scene_));
    const auto line = [&](const std::string& name) {
      const auto from = text.find("\n", text.find("STRUCTURE"));
      const auto at = text.find(name, from);
      return at == std::string::npos ? std::string() : text.substr(at, text.find('\n', at) - at);
    };
    for (const auto* figure : {"3.00", "2.00", "+40.0"})
      EXPECT_NE(line("Hippocampus").find(figure), std::string::npos) << line("Hippocampus") << "\n" << text;
    EXPECT_NE(line("Intracranial volume").find("1000"), std::string::npos) << text;
  }
}

TEST_F(Page, SaysWhyThereAreNoCentiles) {
  if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not installed";
  auto findings = some_findings();
  findings.norms = Norms{};
  findings.norms->none_because = "the age is not known";
  findings.norms->indices = {{"Ventricle to brain ratio", "0.019"}};
  const auto text = tell("pdftotext", *page_pdf(findings, scene_));
  EXPECT_NE(text.find("No centiles: the age is not known."), std::string::npos) << text;
  EXPECT_NE(text.find("Volumes by structure"), std::string::npos) << text;
  EXPECT_NE(text.find("0.019"), std::string::npos) << "an index needs nobody to compare with\n" << text;
  EXPECT_NE(text.find("The same cuts without outlines"), std::string::npos) << "instead of charts\n" << text;
}

TEST_F(Page, SaysWhatTheFlairShowedAndKeepsTheLimits) {
  if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not installed";
  auto findings = some_findings();
  findings.lesions = "4 lesions, 1.49 ml together. Since the earlier FLAIR 1 new (0.11 ml), none grown.";
  const auto text = tell("pdftotext", *page_pdf(findings, scene_));
  EXPECT_NE(text.find("WHITE-MATTER LESIONS, FLAIR"), std::string::npos) << text;
  EXPECT_NE(text.find("4 lesions, 1.49 ml together."), std::string::npos) << text;
  EXPECT_NE(text.find("LIMITS"), std::string::npos) << text;
}

TEST_F(Page, TellsTheChangeSinceAnEarlierScanOnTheSameTwoSheets) {
  if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not installed";
  auto findings = some_findings();
  findings.norms = some_norms();
  findings.since = some_change();
  const auto text = tell("pdftotext", *page_pdf(findings, scene_));
  for (const auto* wanted :
       {"SINCE THE SCAN OF 31 DEC 1989", "−0.92 % a year", "± 0.06; 2.0 years between the scans",
        "Faster than normal ageing.", "Older scanner", "−1.83", "+5.13", "+2.56", "Because of these figures.",
        "Another scanner: the prior's is old.", "How it was measured.", "Page 2 of 2"})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << " in\n" << text;
}

TEST_F(Page, SaysOnTheFirstSheetWhyAnEarlierScanWasNotCompared) {
  if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not installed";
  auto findings = some_findings();
  findings.since = Since{.refused = "these look like two different people"};
  const auto text = tell("pdftotext -raw", *page_pdf(findings, scene_));
  EXPECT_NE(text.find("SINCE THE EARLIER SCAN"), std::string::npos) << text;
  EXPECT_NE(text.find("Not compared: these look like two different"), std::string::npos) << text;
}

/// As much as a report can have to say.
Findings many_findings() {
  auto f = some_findings();
  f.subject = Phi<Subject>({"Wolfeschlegelsteinhausenbergerdorff^Hubert Blaine Adolph Charles David Earl",
                            "ID-99887766554433221100-LONG", "19061209", "M", "085Y"});
  for (const auto& s : imaging::structures())
    if (s.id != 17 && s.id != 53) f.volumes.push_back({s.id, 12.34});
  f.norms = some_norms();
  for (const auto& s : imaging::structures())
    f.norms->rows.push_back({capitalised(s.name), s.id, 123.4, 123.4, 1, 1, ">99", "96 to >99"});
  f.norms->charts.resize(5, f.norms->charts.front());
  f.norms->second.resize(3, f.norms->second.front());
  for (int i = 0; i < 60; ++i) f.norms->method += " and so on";
  f.since = some_change();
  f.since->rows.resize(4, f.since->rows.back());
  f.since->words =
      "−0.83 % a year (95 % range −0.95 to −0.71); at 71 years −0.53 % is expected, and 95 of 100 healthy "
      "people stay above −0.78 %";
  f.lesions = "14 lesions, 11.49 ml together. Not compared with the earlier FLAIR: it does not fit on the T1.";
  f.flags.assign(9, "voxels are up to 3.0 mm apart; small structures need 1 mm, and their volumes are uncertain here");
  f.remark = "Simulated: this scan is made up, wholly or in part";
  return f;
}

struct Word {
  double left, top, right, bottom;  ///< points
  std::string text;
};

/// All words of all pages, as pdftotext finds them.
std::vector<Word> words_of(const std::string& bbox) {
  std::vector<Word> out;
  static const std::regex kWord(
      "xMin=\"([0-9.]+)\" yMin=\"([0-9.]+)\" xMax=\"([0-9.]+)\" yMax=\"([0-9.]+)\">([^<]*)</word>");
  for (std::sregex_iterator at(bbox.begin(), bbox.end(), kWord), end; at != end; ++at)
    out.push_back({std::stod((*at)[1]), std::stod((*at)[2]), std::stod((*at)[3]), std::stod((*at)[4]), (*at)[5]});
  return out;
}

/// The foot of both pages, as words.
const std::string kFootWords =
    " Not a medical device. for diagnostic use. Larmor is not certified in any country. No person has checked the "
    "outlines: look at them before you rely on number. Made 1991-12-31 23:59:58 Page 1 2 of ";

TEST_F(Page, KeepsEveryWordWithinItsMarginsHoweverMuchThereIsToSay) {
  if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdftotext (Debian: poppler-utils) is not installed";
  constexpr double kMargin = 41, kWide = 595.3, kFootAt = 785;
  auto unknown_age = many_findings();
  unknown_age.norms = Norms{.none_because = "the age is not known"};
  auto first_visit = many_findings();
  first_visit.since.reset();
  for (const auto& findings : {some_findings(), many_findings(), unknown_age, first_visit}) {
    const auto words = words_of(tell("pdftotext -bbox", *page_pdf(findings, scene_)));
    ASSERT_GT(words.size(), 200u);
    for (const auto& word : words) {
      EXPECT_GE(word.left, kMargin) << word.text;
      EXPECT_LE(word.right, kWide - kMargin) << word.text;
      if (word.bottom > kFootAt) {
        EXPECT_NE(kFootWords.find(" " + word.text + " "), std::string::npos) << word.text << " is in the foot";
      }
    }
  }
}

TEST_F(Page, TakesTheDayOfTheStudyWhereNobodySaysWhenItWasMade) {
  if (std::system("command -v pdfinfo >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdfinfo (Debian: poppler-utils) is not installed";
  auto findings = some_findings();
  findings.made.clear();
  const auto text = tell("TZ=UTC pdfinfo", *page_pdf(findings, scene_));
  EXPECT_NE(text.find("Dec 31 00:00:00 1991"), std::string::npos) << text;
}

TEST_F(Page, IsDrawnWithAnyNameAndWithNothingKnown) {
  auto findings = some_findings();
  findings.subject =
      Phi<Subject>({"王小東 (Wang XiaoDong) " + std::string(300, 'x'), "\xFF broken", "not a date", "?", "9"});
  findings.flags = std::vector<std::string>(40, std::string(500, 'w'));
  findings.remark = "Simulated data";
  const auto pdf = page_pdf(findings, scene_);
  EXPECT_TRUE(pdf) << pdf.error().what;
  const auto bare = page_pdf(Findings{}, scene_);
  EXPECT_TRUE(bare) << bare.error().what;
}

TEST_F(Page, ComesAsPixelsOfTheResolutionAskedFor) {
  const auto picture = page_picture(some_findings(), scene_, 72);
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 595u);
  EXPECT_EQ(picture->height, 842u);
  EXPECT_EQ(picture->rgb.size(), 595u * 842 * 3);
  EXPECT_EQ(picture->rgb[0], 255) << "paper is white";
}

TEST_F(Page, HasMontagesOfEveryPlaneThatBecomePng) {
  for (const auto plane : {Plane::axial, Plane::coronal, Plane::sagittal}) {
    const auto picture = montage(scene_, plane);
    ASSERT_TRUE(picture);
    EXPECT_TRUE(std::any_of(picture->rgb.begin(), picture->rgb.end(), [](auto v) { return v > 128; }));
    const auto png = to_png(*picture);
    ASSERT_TRUE(png);
    EXPECT_TRUE(png->starts_with("\x89PNG"));
  }
  EXPECT_FALSE(to_png(Picture{2, 2, {1, 2, 3}}));
  EXPECT_FALSE(change_montage(scene_)) << "nothing has changed in this scene";
}

/// Mean of a channel within a rectangle of the picture.
double mean_of(const Picture& p, int channel, double x0, double x1, double y0, double y1) {
  double sum = 0, n = 0;
  for (auto y = static_cast<std::size_t>(y0 * p.height); y < static_cast<std::size_t>(y1 * p.height); ++y)
    for (auto x = static_cast<std::size_t>(x0 * p.width); x < static_cast<std::size_t>(x1 * p.width); ++x)
      sum += p.rgb[3 * (y * p.width + x) + static_cast<std::size_t>(channel)], ++n;
  return sum / n;
}

TEST(Montage, ShowsLossInBlueAndGrowthInOrangeOnTheSideWhereItIs) {
  const auto head = make_head(kAxial, {81, 81, 81});
  imaging::Volume<float> change(head.image.grid);
  for (std::size_t a = 0; a < 81; ++a)
    for (std::size_t b = 0; b < 81; ++b)
      for (std::size_t c = 0; c < 81; ++c) change(a, b, c) = kAxial({double(a), double(b), double(c)})[0] < 0 ? -5 : 5;
  const auto scene = Scene::make(head.image, head.labels, &change);
  ASSERT_TRUE(scene);
  const auto picture = change_montage(*scene);
  ASSERT_TRUE(picture) << picture.error().what;
  // The third of five axial cuts fills the middle of the first row; the patient's left, where tissue was lost, is
  // right.
  EXPECT_GT(mean_of(*picture, 2, 0.52, 0.55, 0.12, 0.18), mean_of(*picture, 0, 0.52, 0.55, 0.12, 0.18) + 60);
  EXPECT_GT(mean_of(*picture, 0, 0.45, 0.48, 0.12, 0.18), mean_of(*picture, 2, 0.45, 0.48, 0.12, 0.18) + 60);
  change = imaging::Volume<float>(Grid{{20, 20, 20}, kAxial});
  EXPECT_FALSE(Scene::make(head.image, head.labels, &change)) << "a change of another grid";
}

}  // namespace
}  // namespace larmor::report
