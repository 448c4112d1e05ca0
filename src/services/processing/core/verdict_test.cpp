#include "services/processing/core/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace larmor::processing {
namespace {

using How = Ending::How;
using testing::HasSubstr;

Failed failure(const Ending& ending, const std::optional<std::string>& result = {}, int attempt = 1) {
  const auto verdict = judge(ending, result, {}, attempt);
  EXPECT_TRUE(std::holds_alternative<Failed>(verdict));
  return std::holds_alternative<Failed>(verdict) ? std::get<Failed>(verdict) : Failed{};
}

TEST(Verdict, IsSuccessWithWhatThePipelineFound) {
  const auto verdict =
      judge({How::exited, 0}, R"({"findings": {"brain_ml": 1200}, "version": "7", "stages": {"net": 2.5},
      "files": ["report.pdf"], "instances": ["seg.dcm"]})",
            {}, 1);
  const auto& found = std::get<Findings>(verdict);
  EXPECT_EQ(found.findings["brain_ml"], 1200);
  EXPECT_EQ(found.version, "7");
  EXPECT_THAT(found.files, testing::ElementsAre("report.pdf"));
  EXPECT_THAT(found.instances, testing::ElementsAre("seg.dcm"));
}

TEST(Verdict, IsARefusalWhenThePipelineSaysThatTheStudyIsNotForIt) {
  EXPECT_EQ(std::get<Refused>(judge({How::exited, 0}, R"({"refused": "this is a melon"})", {}, 1)).reason,
            "this is a melon");
}

TEST(ACrash, IsTriedOnceMoreAndNotOftener) {
  const auto first = failure({How::signalled, SIGSEGV});
  EXPECT_THAT(first.error.what, HasSubstr("signal 11"));
  EXPECT_TRUE(first.retry);
  EXPECT_TRUE(row(first.error.code).retryable);
  EXPECT_FALSE(failure({How::signalled, SIGSEGV}, {}, 2).retry);
  EXPECT_FALSE(failure({How::exited, 1}, {}, 2).retry);
}

TEST(AnErrorThatThePipelineExplains, IsTriedAgainOnlyWhereItMayPass) {
  EXPECT_TRUE(failure({How::exited, 2}, R"({"error": {"code": "out_of_space", "what": "the disk is full"}})").retry);
  EXPECT_FALSE(failure({How::exited, 2}, R"({"error": {"code": "internal", "what": "a defect"}})").retry);
  const auto failed = failure({How::exited, 2}, R"({"error": {"code": "invalid", "what": "no images"}})");
  EXPECT_FALSE(failed.retry);
  EXPECT_EQ(failed.error.code, Code::invalid);
  EXPECT_EQ(failed.error.what, "no images");
  EXPECT_FALSE(failure({How::exited, 2}).retry);
}

TEST(RunningOutOfMemory, IsSaidAndNotRepeated) {
  for (const auto& ending :
       {Ending{How::signalled, SIGABRT, "what():  std::bad_alloc\n"}, Ending{How::exited, 1, "out of memory\n"}}) {
    const auto failed = failure(ending);
    EXPECT_THAT(failed.error.what, HasSubstr("ran out of memory"));
    EXPECT_FALSE(failed.retry);
  }
  EXPECT_THAT(failure({How::signalled, SIGKILL}).error.what, HasSubstr("machine ran out of memory"));
}

TEST(ATimeOut, NamesTheLimit) {
  EXPECT_THAT(failure({How::timed_out}).error.what, HasSubstr("1800 s"));
}

TEST(AResult, MayNotNameFilesElsewhere) {
  for (const auto* name : {"../secret", "/etc/passwd", "", ".hidden"}) {
    const auto failed = failure({How::exited, 0}, Json{{"files", {name}}}.dump());
    EXPECT_THAT(failed.error.what, HasSubstr("is not the name of a file"));
    EXPECT_FALSE(failed.retry);
  }
}

TEST(AResult, ThatIsMissingOrNoJsonIsADefectOfThePipeline) {
  EXPECT_THAT(failure({How::exited, 0}).error.what, HasSubstr("left no result.json"));
  EXPECT_THAT(failure({How::exited, 0}, "{").error.what, HasSubstr("no JSON object"));
  EXPECT_THAT(failure({How::exited, 0}, R"({"files": 3})").error.what, HasSubstr("wrong type"));
}

}  // namespace
}  // namespace larmor::processing
