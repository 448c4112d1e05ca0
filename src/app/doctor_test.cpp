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

TEST(Doctor, CountsWhatIsNotWell) {
  EXPECT_EQ(to_json({{"disk", "", true, "", ""}, {"queue", "pipeline/brain", false, "1 failed", ""}})["ill"], 1);
}

}  // namespace
}  // namespace larmor::app
