#include "services/processing/core/lines.h"

#include <gtest/gtest.h>

#include <vector>

namespace larmor::processing {
namespace {

std::vector<std::string> cut(Lines& lines, std::initializer_list<std::string_view> pieces) {
  std::vector<std::string> got;
  for (const auto piece : pieces) lines.add(piece, [&](std::string_view line) { got.emplace_back(line); });
  return got;
}

TEST(Lines, AreWholeHoweverThePiecesFall) {
  Lines lines;
  EXPECT_EQ(cut(lines, {"on", "e\ntw", "o\n\nthree"}), (std::vector<std::string>{"one", "two", ""}));
}

TEST(Lines, ThatNeverEndTakeNoMemory) {
  Lines lines(10);
  EXPECT_EQ(cut(lines, {"0123456789", "0123456789", "\nshort\n"}), (std::vector<std::string>{"short"}));
}

TEST(LastWords, AreTheEndFromAWholeLineOn) {
  LastWords words(20);
  for (int i = 0; i < 100; ++i) words.add("line " + std::to_string(i) + "\n");
  EXPECT_EQ(words.text(), "line 98\nline 99\n");
}

TEST(LastWords, AreAlwaysUtf8) {
  LastWords words(6);
  words.add("\xff\xfe ok");
  EXPECT_EQ(words.text(), "\xef\xbf\xbd\xef\xbf\xbd ok");
}

TEST(Progress, IsTakenFromJsonAndNothingElse) {
  const auto progress = parse_progress(R"({"fraction": 0.4, "step": "segmenting"})");
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->fraction, 0.4);
  EXPECT_EQ(progress->step, "segmenting");
  EXPECT_EQ(parse_progress(R"({"fraction": 7})")->fraction, 1.0);
  for (const auto* garbage : {"", "{", "40%", "[0.4]", R"({"fraction": "much"})", "\xff\xff", "{\"fraction\": 1e999}"})
    EXPECT_FALSE(parse_progress(garbage)) << garbage;
}

}  // namespace
}  // namespace larmor::processing
