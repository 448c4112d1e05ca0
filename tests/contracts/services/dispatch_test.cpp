// What the other services rely on of dispatch.
#include "services/dispatch/dispatch.h"

#include "pact.h"
#include "services/dispatch/rest/remote.h"

namespace larmor::dispatch {
namespace {

using namespace pact;

constexpr auto kToken = "5e1f";
constexpr auto kFull = "pact/full", kEmpty = "pact/empty";
constexpr auto kPause = "/v1/queues/pact%2Fempty/pause";
const JobId kTheJob(kJob);
const NewJob kWork{"pact/kept", StudyUid(kStudy), Priority::routine, {{"n", 1}}};
const Error kTrouble{Code::unavailable, "the archive is away", "Wait.", {}};

Lease held(std::string token = kToken) {
  Lease lease;
  lease.job = kTheJob;
  lease.token = std::move(token);
  return lease;
}

/// An address below the job that the provider's state names.
Json of_job(const std::string& rest = "") {
  return given(("/v1/jobs/${job}" + rest).c_str(), fmt::format("/v1/jobs/{}{}", kJob, rest));
}
Json with_token(Json body, Json token = given("${token}", kToken)) {
  body["token"] = std::move(token);
  return body;
}
Ask claiming(Json queue) {
  return {.method = "POST",
          .path = "/v1/leases",
          .body = {{"worker", "pact"}, {"queues", Json::array({std::move(queue)})}, {"wait_s", number(0)}}};
}
std::optional<Lease> claim(Dispatch& dispatch, const char* queue) {
  return good(dispatch.claim({WorkerId("pact"), {queue}}, Call::within(100ms)));
}

const Json kProgress = {{"fraction", 0.5}, {"step", "segmenting"}};
const Json kWorkShown = {{"queue", like(kFull)},
                         {"study", uid(kStudy)},
                         {"priority", pattern("^(low|routine|urgent)$", "routine")},
                         {"arguments", like(Json::object())}};
const Json kLease = {{"job", like(kJob)},
                     {"token", like(kToken)},
                     {"expires", time()},
                     {"attempt", integer(1)},
                     {"work", {{"queue", like(kFull)}, {"study", uid(kStudy)}, {"arguments", like(Json::object())}}}};
const Json kJobShown = {
    {"id", like(kJob)},
    {"work", kWorkShown},
    {"state", pattern("^(waiting|running|done|dead|cancelled)$", "dead")},
    {"queued", time()},
    {"due", time()},
    {"progress", {{"fraction", number(0.5)}, {"step", like("")}}},
    {"attempts",
     each({{"number", integer(1)}, {"worker", like("w1")}, {"started", time()}, {"last_words", like("")}})}};
const Json kDepth = {{"queue", like(kFull)}, {"waiting", integer(3)}, {"running", integer(1)}, {"dead", integer(0)}};

const std::vector<std::string> kWorkers = {"export", "processing"};

const std::vector<Row<Dispatch>> kRows = {
    {{"export", "workflow"},
     "a job for a queue",
     "",
     {.method = "POST",
      .path = "/v1/jobs",
      .body =
          {{"queue", kWork.queue}, {"study", kWork.study}, {"priority", "routine"}, {"arguments", kWork.arguments}}},
     {.status = 201, .body = {{"id", like(kJob)}}},
     [](Dispatch& dispatch) { EXPECT_EQ(good(dispatch.enqueue(kWork, Call::within(5s, "pact"))), kTheJob); }},
    {kWorkers,
     "a claim where there is work",
     "a job that waits",
     claiming(given("${queue}", kFull)),
     {.status = 201, .body = kLease},
     [](Dispatch& dispatch) { EXPECT_EQ(claim(dispatch, kFull)->token, kToken); }},
    {kWorkers,
     "a claim where there is none",
     "",
     claiming(kEmpty),
     {.status = 204},
     [](Dispatch& dispatch) { EXPECT_FALSE(claim(dispatch, kEmpty)); }},
    {kWorkers,
     "a heartbeat",
     "a lease",
     {.method = "PUT", .path = of_job("/lease"), .body = with_token(kProgress)},
     {.body = kLease},
     [](Dispatch& dispatch) {
       EXPECT_EQ(good(dispatch.renew(held(), {0.5, "segmenting"}, {})).attempt, 1);
     }},
    {kWorkers,
     "a heartbeat for a job that is no longer the worker's",
     "a lease",
     {.method = "PUT", .path = of_job("/lease"), .body = with_token(kProgress, "lost")},
     problem(409, "conflict"),
     [](Dispatch& dispatch) {
       EXPECT_EQ(dispatch.renew(held("lost"), {0.5, "segmenting"}, {}).error().code, Code::conflict);
     }},
    {kWorkers,
     "a run that went well",
     "a lease",
     {.method = "PUT",
      .path = of_job("/outcome"),
      .body = with_token({{"last_words", ""}, {"result", {{"instances", 2}}}, {"retry", true}})},
     {.status = 204},
     [](Dispatch& dispatch) {
       good(dispatch.finish(held(), {.result = {{"instances", 2}}}, {}));
     }},
    {kWorkers,
     "a run that failed",
     "a lease",
     {.method = "PUT",
      .path = of_job("/outcome"),
      .body = with_token({{"error", to_problem(kTrouble)},
                          {"last_words", "so it ended"},
                          {"result", Json::object()},
                          {"retry", false}})},
     {.status = 204},
     [](Dispatch& dispatch) {
       good(dispatch.finish(held(), {kTrouble, "so it ended", Json::object(), false}, {}));
     }},
    {kWorkers,
     "a job given back untouched",
     "a lease",
     {.method = "DELETE", .path = of_job("/lease"), .query = {{"token", given("${token}", kToken)}}},
     {.status = 204},
     [](Dispatch& dispatch) { good(dispatch.release(held(), {})); }},
    {{"export", "front"},
     "how much waits in each queue",
     "a job that waits",
     {.path = "/v1/queues"},
     {.body = items(kDepth)},
     [](Dispatch& dispatch) { EXPECT_EQ(good(dispatch.depths({})).at(0).waiting, 3); }},
    {{"front"},
     "a queue's pause",
     "",
     {.method = "PUT", .path = kPause, .query = {{"by", "ada"}}},
     {.status = 204},
     [](Dispatch& dispatch) { good(dispatch.pause(kEmpty, "ada", {})); }},
    {{"front"},
     "a queue's resumption",
     "",
     {.method = "DELETE", .path = kPause, .query = {{"by", "ada"}}},
     {.status = 204},
     [](Dispatch& dispatch) { good(dispatch.resume(kEmpty, "ada", {})); }},
    {{"front"},
     "the jobs of a study",
     "a lease",
     {.path = "/v1/jobs", .query = {{"limit", "100"}, {"study", given("${study}", kStudy)}, {"state", "running"}}},
     {.body = {{"items", each(kJobShown)}, {"next", like("")}}},
     [](Dispatch& dispatch) {
       EXPECT_EQ(good(dispatch.jobs({.study = StudyUid(kStudy), .state = State::running}, {})).jobs.at(0).id, kTheJob);
     }},
    {{"front"},
     "a job",
     "a lease",
     {.path = of_job()},
     {.body = kJobShown},
     [](Dispatch& dispatch) { EXPECT_EQ(good(dispatch.job(kTheJob, {})).attempts.at(0).worker.str(), "w1"); }},
    {{"front"},
     "a job's revival",
     "a dead job",
     {.method = "POST", .path = of_job("/revivals")},
     {.status = 201},
     [](Dispatch& dispatch) { good(dispatch.revive(kTheJob, {})); }},
    {{"front"},
     "a job's end",
     "a job that waits",
     {.method = "DELETE", .path = of_job()},
     {.status = 204},
     [](Dispatch& dispatch) { good(dispatch.cancel(kTheJob, {})); }},
};

class DispatchPact : public testing::TestWithParam<std::string> {};

TEST_P(DispatchPact, KeepsWhatItsConsumerReliesOn) {
  keep(GetParam(), "dispatch", kRows, connect);
}

INSTANTIATE_TEST_SUITE_P(Consumer, DispatchPact, testing::ValuesIn(consumers_of(kRows)), name_of);

}  // namespace
}  // namespace larmor::dispatch
