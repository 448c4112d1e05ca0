#include "services/dispatch/rest/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>

#include "base/random.h"
#include "base/test_support.h"
#include "base/text.h"
#include "services/dispatch/adapters/sqlite_jobs.h"
#include "services/events/testing/memory_log.h"

namespace larmor::dispatch {
namespace {

using net::Method;

class Rest : public testing::Test {
 protected:
  Rest() {
    std::filesystem::create_directories(folder);
    jobs = std::move(*SqliteJobs::open(folder / "jobs.db", {}, log, clock));
    router.add(routes(*jobs));
  }
  ~Rest() override { jobs.reset(); }

  net::Response ask(Method method, const std::string& target, const std::string& body = "", net::Headers headers = {}) {
    net::Request request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    if (const auto at = target.find('?'); at != std::string::npos)
      for (const auto& pair : split(target.substr(at + 1), '&'))
        request.query.emplace(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    request.headers = std::move(headers);
    request.body = std::make_shared<MemorySource>(as_bytes(kept.emplace_back(body)));
    return router.answer(request);
  }
  Json json(const net::Response& response) { return Json::parse(response.body); }
  std::string location(const net::Response& response) { return response.headers.find("location")->second; }
  std::string etag(const net::Response& response) { return response.headers.find("etag")->second; }
  std::string enqueue() {
    return location(ask(Method::post, "/v1/jobs", R"({"queue": "pipeline/brain", "study": "1.2"})"));
  }
  Json claim() { return json(ask(Method::post, "/v1/leases", R"({"worker": "w", "queues": ["pipeline/*"]})")); }

  Scratch scratch;
  const std::filesystem::path folder = scratch.path();
  ManualClock clock{Time(1'800'000'000s)};
  events::MemoryLog log;
  std::unique_ptr<SqliteJobs> jobs;
  net::Router router;
  std::list<std::string> kept;
};

TEST_F(Rest, CreatesAJobWithItsAddress) {
  const auto response =
      ask(Method::post, "/v1/jobs", R"({"queue": "q", "priority": "urgent"})", {{"idempotency-key", "k"}});
  EXPECT_EQ(response.status, 201);
  const auto again =
      ask(Method::post, "/v1/jobs", R"({"queue": "q", "priority": "urgent"})", {{"idempotency-key", "k"}});
  EXPECT_EQ(location(again), location(response));
  const auto shown = ask(Method::get, location(response));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(json(shown)["work"]["priority"], "urgent");
}

TEST_F(Rest, PointsAtTheWrongField) {
  const auto wrong = ask(Method::post, "/v1/jobs", R"({"queue": "q", "priority": "urgnt"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(json(wrong)["pointer"], "/priority");
  EXPECT_EQ(json(wrong)["hint"], "Did you mean 'urgent'?");
  EXPECT_EQ(json(ask(Method::post, "/v1/jobs", R"({"priority": "low"})"))["pointer"], "/queue");
  EXPECT_EQ(json(ask(Method::post, "/v1/leases", R"({"worker": "w", "queues": ["q"], "wait_s": 99})"))["pointer"],
            "/wait_s");
  EXPECT_EQ(ask(Method::get, "/v1/jobs?state=wating").status, 422);
  EXPECT_EQ(ask(Method::get, "/v1/jobs?limit=0").status, 422);
}

TEST_F(Rest, AnswersNothingWhenThereIsNoWork) {
  EXPECT_EQ(ask(Method::post, "/v1/leases", R"({"worker": "w", "queues": ["*"]})").status, 204);
}

TEST_F(Rest, RefusesALostLeaseWithConflict) {
  const auto job = enqueue();
  const auto lease = claim();
  const Json wrong{{"token", "stolen"}};
  EXPECT_EQ(ask(Method::put, job + "/lease", wrong.dump()).status, 409);
  EXPECT_EQ(ask(Method::put, job + "/outcome", wrong.dump()).status, 409);
  EXPECT_EQ(ask(Method::del, job + "/lease?token=stolen").status, 409);
  const Json right{{"token", lease["token"]}, {"fraction", 0.5}, {"step", "x"}};
  EXPECT_EQ(ask(Method::put, job + "/lease", right.dump()).status, 200);
  EXPECT_EQ(ask(Method::put, job + "/outcome", right.dump()).status, 204);
}

TEST_F(Rest, ChangesAJobOnlyAsTheOperatorSawIt) {
  const auto job = enqueue();
  const auto seen = etag(ask(Method::get, job));
  const auto lease = claim();
  const auto late = ask(Method::del, job, "", {{"if-match", seen}});
  EXPECT_EQ(late.status, 412);
  EXPECT_THAT(json(late)["detail"].get<std::string>(), testing::HasSubstr("it is running now"));
  EXPECT_EQ(ask(Method::put, job + "/lease", Json{{"token", lease["token"]}, {"fraction", 0.5}}.dump()).status, 200);
  EXPECT_EQ(ask(Method::del, job, "", {{"if-match", etag(ask(Method::get, job))}}).status, 204);
  const auto revived = ask(Method::post, job + "/revivals", "", {{"if-match", "*"}});
  EXPECT_EQ(revived.status, 201);
  EXPECT_EQ(location(revived), job);
  EXPECT_EQ(ask(Method::post, job + "/revivals").status, 409);
}

TEST_F(Rest, KnowsNoOtherJobs) {
  for (const auto& response : {ask(Method::get, "/v1/jobs/nope"), ask(Method::del, "/v1/jobs/nope"),
                               ask(Method::post, "/v1/jobs/nope/revivals")})
    EXPECT_EQ(response.status, 404);
}

TEST_F(Rest, PausesAQueueOnceAndTellsWhoDidIt) {
  enqueue();
  const std::string pause = "/v1/queues/pipeline%2Fbrain/pause";
  EXPECT_EQ(ask(Method::put, pause + "?by=ada").status, 204);
  EXPECT_EQ(ask(Method::put, pause).status, 204);
  EXPECT_EQ(json(ask(Method::get, "/v1/queues"))["items"][0]["paused"]["by"], "ada");
  EXPECT_EQ(ask(Method::post, "/v1/leases", R"({"worker": "w", "queues": ["pipeline/*"]})").status, 204);
  EXPECT_EQ(ask(Method::del, pause).status, 204);
  EXPECT_FALSE(json(ask(Method::get, "/v1/queues"))["items"][0].contains("paused"));
  EXPECT_EQ(ask(Method::put, "/v1/queues/pipeline%2F*/pause").status, 422);
}

TEST_F(Rest, ListsQueuesAndJobs) {
  enqueue();
  EXPECT_EQ(json(ask(Method::get, "/v1/queues"))["items"][0]["waiting"], 1);
  const auto page = json(ask(Method::get, "/v1/jobs?study=1.2&state=waiting&queue=pipeline/brain"));
  EXPECT_EQ(page["items"].size(), 1u);
  EXPECT_EQ(page["next"], "");
}

}  // namespace
}  // namespace larmor::dispatch
