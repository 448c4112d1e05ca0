#include "app/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace larmor::app {
namespace {

using ::testing::Contains;
using ::testing::Field;

std::vector<Finding> found(const std::vector<std::string>& overrides) {
  auto settings = load({.file = {}, .overrides = overrides});
  EXPECT_TRUE(settings) << to_string(settings.error());
  return look_around({.settings = *settings, .data = ::testing::TempDir(), .rules = {}});
}

TEST(Doctor, SaysWhichDestinationDoesNotAnswerAndWhatToDo) {
  const auto findings = found({"export.destinations.nowhere.host=127.0.0.1", "export.destinations.nowhere.port=1"});
  const auto at = std::ranges::find(findings, "nowhere", &Finding::name);
  ASSERT_NE(at, findings.end());
  EXPECT_EQ(at->what, "destination");
  EXPECT_FALSE(at->well);
  EXPECT_FALSE(at->mend.empty());
}

TEST(Doctor, LooksAtTheDiskAndTheConfigurationWhateverElseThereIs) {
  const auto findings = found({});
  EXPECT_THAT(findings, Contains(Field(&Finding::what, "disk")));
  EXPECT_THAT(findings, Contains(Field(&Finding::what, "configuration")));
}

TEST(Doctor, LeavesOutServicesThatAreNotInTheHouse) {
  EXPECT_TRUE(look_inside(House{}, Call{}).empty());
}

TEST(Doctor, LooksAtProposedSettingsWithoutTakingThem) {
  const auto settings = load({.file = {}, .overrides = {"import.port=11112"}});
  const Plan plan{.settings = *settings, .data = ::testing::TempDir(), .rules = {}};
  const auto findings = proposed(plan, {{"import.port", "99999"}, {"http.prot", "1"}, {"import.ae_title", "BRAIN"}});
  const auto at = [&](const char* name) { return std::ranges::find(findings, name, &Finding::name); };
  EXPECT_THAT(at("import.port")->words, ::testing::HasSubstr("99999 is outside 0 to 65535"));
  EXPECT_EQ(at("http.prot")->mend, "Did you mean 'http.port'?");
  EXPECT_EQ(at("import.ae_title"), findings.end());
  EXPECT_EQ(plan.settings.values().at("import.port").text, "11112");
}

TEST(Doctor, CountsWhatIsNotWell) {
  EXPECT_EQ(to_json({{"disk", "", true, "", ""}, {"queue", "pipeline/brain", false, "1 failed", ""}})["ill"], 1);
}

}  // namespace
}  // namespace larmor::app
