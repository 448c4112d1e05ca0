#include "base/setting.h"

#include <gtest/gtest.h>

namespace larmor {
namespace {

constexpr SettingRow kQuiet{.name = "import.quiet_period_s",
                            .kind = SettingKind::seconds,
                            .initial = "5",
                            .least = 1,
                            .most = 3600,
                            .unit = "s",
                            .why = "How long silence lasts."};
constexpr SettingRow kHost{.name = "export.destinations.*.host", .why = "Where it is."};

Settings both() {
  return Settings({kQuiet, kHost});
}

TEST(Settings, AnswerTheDefaultUntilSomethingIsSet) {
  auto s = both();
  EXPECT_EQ(s.seconds(kQuiet), 5s);
  ASSERT_TRUE(s.set("import.quiet_period_s", {"0.5e1", "test"}));
  ASSERT_TRUE(s.set("import.quiet_period_s", {"2.5", "test"}));
  EXPECT_EQ(s.seconds(kQuiet), 2500ms);
}

TEST(Settings, NameTheNearestKnownOneWhenOneIsUnknown) {
  auto s = both();
  const auto wrong = s.set("import.quite_period_s", {"3", "larmor.yaml:4"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what, "larmor.yaml:4: there is no setting 'import.quite_period_s'");
  EXPECT_EQ(wrong.error().hint, "Did you mean 'import.quiet_period_s'?");
}

TEST(Settings, RefuseWhatIsOutOfBoundsAndSayTheBounds) {
  auto s = both();
  const auto wrong = s.set("import.quiet_period_s", {"0", "--set"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what, "--set: import.quiet_period_s 0 is outside 1 to 3600 s");
}

TEST(Settings, LetASiteNameItsOwnDestinations) {
  auto s = both();
  ASSERT_TRUE(s.set("export.destinations.archive.host", {"10.0.0.5", "test"}));
  ASSERT_TRUE(s.set("export.destinations.backup.host", {"10.0.0.6", "test"}));
  EXPECT_EQ(s.chosen_names("export.destinations."), (std::vector<std::string>{"archive", "backup"}));
  EXPECT_EQ(s.text(kHost, "backup"), "10.0.0.6");
}

TEST(Bytes, AreReadWithTheirSuffix) {
  EXPECT_EQ(parse_bytes("2G").value(), std::uint64_t{2} << 30);
  EXPECT_EQ(parse_bytes("1.5K").value(), 1536u);
  EXPECT_FALSE(parse_bytes("many"));
}

}  // namespace
}  // namespace larmor
