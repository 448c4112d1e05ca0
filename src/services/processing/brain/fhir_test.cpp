#include "services/processing/brain/fhir.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "base/text.h"
#include "services/processing/brain/measurements.h"

namespace larmor::processing::brain {
namespace {

struct Told {
  Findings found;
  FlairFindings flair;
  Comparison since;
  dicom::SourceSeries source;
  Json make() const { return to_fhir(found, measurements_of(found, flair, &since, ""), &source); }
};

Told some() {
  Told t;
  t.found.version = "0.3.1";
  t.found.weights = "abc";
  t.found.structures = {{17, 3.14159, 0.9}, {53, 3.0001, 0.9}};
  t.found.intracranial_ml = 1512.34567;
  t.found.flags = {{.code = "motion", .text = "the head moved"}};
  t.found.healthy.brain_fraction = 0.79444;
  t.found.healthy.compared = {
      {17,
       "left hippocampus",
       3.14159,
       {.expected_ml = 3.5, .fifth_ml = 3.2, .ninety_fifth_ml = 4.1, .z = -1.9, .centile = 2.87},
       {}}};
  t.flair.ml = 1.4871;
  t.since.change.structures = {{"brain", 1200, 1180, -1.68067, -1.66667, 0.12}, {"ventricles", 20, 21, 4.878, 5, 0.2}};
  t.since.change.years = 2;
  t.since.ageing.verdict = "faster than normal ageing";
  t.since.ageing.why = "these figures";
  t.since.warnings = {"another scanner"};
  t.since.source.emplace().study = StudyUid("1.2.3.1");
  t.source.study = StudyUid("1.2.3.2");
  t.source.series = SeriesUid("1.2.3.2.1");
  t.source.about_study.date = "20250302";
  t.source.patient = Phi<dicom::SourcePatient>({.id = "P-1", .issuer = "Ward"});
  return t;
}

/// Observations by the text of their code.
std::map<std::string, Json> by_text(const Json& bundle) {
  std::map<std::string, Json> out;
  for (const auto& e : bundle["entry"]) out[e["resource"]["code"]["text"]] = e["resource"];
  return out;
}

TEST(Fhir, HasTheShapeThatR4AsksFor) {
  const Json bundle = some().make();
  EXPECT_EQ(bundle["resourceType"], "Bundle");
  EXPECT_EQ(bundle["type"], "collection");
  std::set<std::string> urls;
  for (const auto& entry : bundle["entry"]) {
    const auto& o = entry["resource"];
    EXPECT_TRUE(urls.insert(entry["fullUrl"]).second) << "every observation has a name of its own";
    EXPECT_EQ(o["resourceType"], "Observation");
    EXPECT_EQ(o["status"], "preliminary") << "nobody has verified it";
    EXPECT_EQ(o["valueQuantity"]["system"], "http://unitsofmeasure.org");
    EXPECT_TRUE(o["code"]["coding"][0].contains("system")) << o["code"];
    EXPECT_TRUE(o["bodySite"]["coding"][0].contains("system")) << o["bodySite"];
    EXPECT_EQ(o["subject"]["identifier"]["value"], "P-1");
    EXPECT_EQ(o["effectiveDateTime"], "2025-03-02");
    EXPECT_EQ(o["derivedFrom"][0]["identifier"]["value"], "urn:oid:1.2.3.2");
    EXPECT_THAT(o["note"].dump(), testing::HasSubstr("the head moved"));
    EXPECT_THAT(o["note"].dump(), testing::HasSubstr("Not a medical device"));
  }
  EXPECT_EQ(bundle.dump(), some().make().dump());
}

TEST(Fhir, GivesTheNumbersOfTheTableOfVolumes) {
  const auto told = some();
  const auto observations = by_text(told.make());
  int rows = 0;
  for (const auto& line : split(to_csv(told.found), '\n')) {
    const auto cells = split(line, ',');
    if (cells.size() < 5 || cells[0] == "id") continue;
    const bool head = cells[0] == "0";
    const auto text =
        "Volume: " + (head ? std::string("intracranial volume") : fmt::format("{} {}", cells[2], cells[1]));
    ASSERT_TRUE(observations.count(text)) << text;
    EXPECT_EQ(fmt::format("{:.3f}", observations.at(text)["valueQuantity"]["value"].get<double>()), cells[3]);
    ++rows;
  }
  EXPECT_EQ(rows, 3);
}

TEST(Fhir, TellsWhereAVolumeStandsAndWhatIsUsual) {
  const Json o = by_text(some().make()).at("Volume: left hippocampus");
  EXPECT_EQ(o["interpretation"][0]["coding"][0]["code"], "L");
  EXPECT_EQ(o["referenceRange"][0]["low"]["value"], 3.2);
  EXPECT_EQ(o["referenceRange"][0]["high"]["value"], 4.1);
  EXPECT_EQ(o["component"][1]["valueQuantity"]["value"], 2.87);
  EXPECT_FALSE(by_text(some().make()).at("Volume: right hippocampus").contains("interpretation"));
}

TEST(Fhir, TellsTheChangeWithItsErrorAndBothStudies) {
  const Json o = by_text(some().make()).at("Change since the earlier scan: brain");
  EXPECT_EQ(o["valueQuantity"]["value"], -1.681);
  EXPECT_EQ(o["component"][0]["valueQuantity"]["value"], 0.12);
  EXPECT_EQ(o["component"][1]["valueQuantity"]["value"], -0.84);
  EXPECT_EQ(o["component"][2]["valueQuantity"]["value"], 2);
  EXPECT_EQ(o["component"][3]["valueString"], "faster than normal ageing: these figures");
  EXPECT_EQ(o["derivedFrom"][1]["identifier"]["value"], "urn:oid:1.2.3.1");
  EXPECT_THAT(o["note"].dump(), testing::HasSubstr("another scanner"));
}

TEST(Fhir, TellsTheVolumeOfWhiteMatterLesionsWhereAFlairShowedThem) {
  auto told = some();
  const auto name = "Volume: white-matter lesions";
  EXPECT_EQ(by_text(told.make()).at(name)["valueQuantity"]["value"], 1.487);
  told.flair.ml.reset();
  EXPECT_FALSE(by_text(told.make()).contains(name));
}

TEST(Fhir, OfAFileWithoutAPatientNamesNobody) {
  const auto told = some();
  const Json bundle = to_fhir(told.found, measurements_of(told.found, {}, nullptr, ""), nullptr);
  for (const auto& entry : bundle["entry"]) {
    EXPECT_FALSE(entry["resource"].contains("subject"));
    EXPECT_FALSE(entry["resource"].contains("effectiveDateTime"));
  }
}

}  // namespace
}  // namespace larmor::processing::brain
