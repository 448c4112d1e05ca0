#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/settings.h"
#include "base/file.h"

namespace larmor::app {
namespace {

std::filesystem::path file_with(const std::string& text) {
  auto path = std::filesystem::path(::testing::TempDir()) / "larmor.yaml";
  EXPECT_TRUE(write_file_durably(path, text));
  return path;
}

TEST(Configuration, IsEmptyAndStillComplete) {
  const auto settings = load({});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->text(kHttpAddress), "127.0.0.1");
}

TEST(Configuration, NamesTheLineAndTheNearestKeyOfASlip) {
  const auto settings = load({.file = file_with("http:\n  adress: 127.0.0.1\n"), .overrides = {}});
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().what, ::testing::HasSubstr("larmor.yaml:2"));
  EXPECT_EQ(settings.error().hint, "Did you mean 'http.address'?");
}

TEST(Configuration, LetsTheFlagWinOverTheFile) {
  const auto settings = load({.file = file_with("http:\n  port: 1\n"), .overrides = {"http.port=2"}});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->integer(kHttpPort), 2);
}

TEST(Configuration, ExplainsBrokenYamlWithItsLine) {
  const auto settings = load({.file = file_with("http:\n\tport: 1\n"), .overrides = {}});
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().what, ::testing::HasSubstr("larmor.yaml:2"));
}

TEST(SampleFile, HoldsEverySettingAndCanBeReadBack) {
  std::string text = sample_file();
  for (const auto& row : all_rows()) EXPECT_THAT(text, ::testing::HasSubstr(std::string(row.why)));
  std::string uncommented;
  for (std::size_t from = 0; from < text.size();) {
    auto line = text.substr(from, text.find('\n', from) - from);
    from += line.size() + 1;
    if (line.starts_with("# ")) continue;
    if (line.starts_with("#")) line.erase(0, 1);
    uncommented += line + "\n";
  }
  EXPECT_TRUE(load({.file = file_with(uncommented), .overrides = {}})) << uncommented;
}

Json setting_named(const Json& view, std::string_view name) {
  for (const auto& item : view["items"])
    if (item["name"] == name) return item;
  return nullptr;
}

TEST(SettingsView, TellsOfEveryRowWhatIsInForceAndWhereThatCameFrom) {
  const auto settings = load(
      {.file = file_with("export:\n  destinations:\n    archive:\n      host: pacs\n"), .overrides = {"http.port=2"}});
  ASSERT_TRUE(settings);
  const auto view = settings_view(*settings);
  for (const auto& row : all_rows()) EXPECT_FALSE(setting_named(view, row.name).is_null()) << row.name;
  const auto port = setting_named(view, "http.port");
  EXPECT_EQ(port["value"], "2");
  EXPECT_EQ(port["origin"], "--set");
  EXPECT_EQ(port["most"], 65535);
  const auto host = setting_named(view, "export.destinations.archive.host");
  EXPECT_EQ(host["value"], "pacs");
  EXPECT_THAT(host["origin"].get<std::string>(), ::testing::EndsWith("larmor.yaml:4"));
  EXPECT_EQ(setting_named(view, "http.address")["origin"], "");
}

TEST(Schema, KnowsEverySetting) {
  const auto schema = settings_schema();
  EXPECT_EQ(schema["properties"]["http"]["properties"]["port"]["type"], "integer");
}

}  // namespace
}  // namespace larmor::app
