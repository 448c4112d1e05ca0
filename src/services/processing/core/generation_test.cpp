#include "services/processing/core/generation.h"

#include <gtest/gtest.h>

namespace larmor::processing {
namespace {

ResultView result(std::string job, std::string pipeline, int generation, Duration made) {
  ResultView view;
  view.job = JobId(std::move(job));
  view.pipeline = std::move(pipeline);
  view.generation = generation;
  view.made = Time(made);
  return view;
}

TEST(Results, OfAnEarlierGenerationAreSuperseded) {
  std::vector results = {result("a", "brain", 1, 9s), result("b", "brain", 2, 5s), result("c", "prostate", 1, 1s)};
  order_results(results);
  EXPECT_EQ(results[0].job, JobId("b"));
  EXPECT_FALSE(results[0].superseded);
  EXPECT_EQ(results[1].job, JobId("a"));
  EXPECT_TRUE(results[1].superseded) << "though it was made later: it saw fewer images";
  EXPECT_FALSE(results[2].superseded) << "another pipeline";
}

TEST(Results, OfTheSameGenerationGiveWayToTheNewest) {
  std::vector results = {result("a", "brain", 1, 1s), result("b", "brain", 1, 2s)};
  order_results(results);
  EXPECT_EQ(results[0].job, JobId("b"));
  EXPECT_TRUE(results[1].superseded);
}

}  // namespace
}  // namespace larmor::processing
