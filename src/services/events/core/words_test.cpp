#include "services/events/core/words.h"

#include <gtest/gtest.h>

namespace larmor::events {
namespace {

NewEvent event(std::string type, Json fields) {
  return {std::move(type), "test", {}, std::move(fields), {}};
}

TEST(Words, TellWhyARuleDidNotMatch) {
  EXPECT_EQ(in_words(event("rule.skipped", {{"rule", "prostate"}, {"reason", "Modality is MR, wanted CT"}})),
            "rule prostate did not match: Modality is MR, wanted CT");
}

TEST(Words, CountListsAndRoundSeconds) {
  EXPECT_EQ(
      in_words(event("export.sent", {{"instances", {"1.2", "1.3"}}, {"destination", "archive"}, {"seconds", 1.23456}})),
      "2 objects sent to archive in 1.23 s");
}

TEST(Words, FindASentenceForWhatANewerVersionWrote) {
  EXPECT_EQ(in_words(event("sensor.value", {{"value", 3}})), "sensor.value");
  EXPECT_EQ(in_words(event("job.finished", {{"queue", "pipeline/brain"}})), "pipeline/brain finished in ? s");
}

}  // namespace
}  // namespace larmor::events
