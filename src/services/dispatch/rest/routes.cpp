#include "services/dispatch/rest/routes.h"

#include <atomic>

#include "services/dispatch/rest/codec.h"

namespace larmor::dispatch {
namespace {

// Waiting claims hold threads of the server, which must keep some for everybody else; past the bound a claim does not
// wait.
constexpr int kMostWaitingClaims = 8;
constexpr double kLongestWait = 20;

const net::Text kStudy("study", "Only jobs about this study");
const net::Text kQueue("queue", "Only jobs of this queue");
const net::Word kState("state", names_of_states(), "Only jobs in this state");
const net::Text kAfter("after", "`next` of the page before; nothing for the first page");
const net::Whole kLimit("limit", 1, 1000, JobQuery{}.limit, "At most so many");
const net::Text kBy("by", "Who wants it, where the caller asks for somebody else; who is signed in counts before this");
const auto kToken = net::required(net::Text("token", "Proof of the lease, from the claim"));

std::string address(const JobId& job) {
  return "/v1/jobs/" + job.str();
}

/// Changes with whatever an operator's decision may rest on; progress is not part of it.
std::string etag(const Job& job) {
  return fmt::format("\"{}.{}\"", name(job.state), job.attempts.size());
}

net::Response with_etag(net::Response response, const Job& job) {
  response.headers.emplace("etag", etag(job));
  return response;
}

Result<void> check_match(Dispatch& dispatch, const net::Request& request, const JobId& id) {
  const auto wanted = request.header("if-match");
  if (!wanted || *wanted == "*") return {};
  const auto job = TRY(dispatch.job(id, request.call()));
  if (*wanted == etag(job)) return {};
  return fail_with({Code::precondition,
                    fmt::format("job {} has changed since you looked: it is {} now", id, name(job.state)),
                    "Look at it again, and decide anew.", "if-match"});
}

Result<net::Response> enqueue(Dispatch& dispatch, const net::Request& request) {
  const auto id = TRY(dispatch.enqueue(TRY(new_job_from_json(TRY(request.json()))), request.call()));
  const auto job = TRY(dispatch.job(id, request.call()));
  return with_etag(net::created(address(id), to_json(job)), job);
}

Result<net::Response> list(Dispatch& dispatch, const net::Request& request) {
  JobQuery query;
  query.study = StudyUid(TRY(kStudy.in(request)).value_or(""));
  query.queue = TRY(kQueue.in(request)).value_or("");
  query.after = TRY(kAfter.in(request)).value_or("");
  if (const auto state = TRY(kState.in(request))) query.state = TRY(state_from(*state));
  query.limit = static_cast<int>(TRY(kLimit.in(request)));
  return net::json_response(to_json(TRY(dispatch.jobs(query, request.call()))));
}

Result<net::Response> show(Dispatch& dispatch, const net::Request& request) {
  const auto job = TRY(dispatch.job(JobId(request.capture("job")), request.call()));
  return with_etag(net::json_response(to_json(job)), job);
}

Result<net::Response> show_queues(Dispatch& dispatch, const net::Request& request) {
  Json items = Json::array();
  for (const auto& depth : TRY(dispatch.depths(request.call()))) items.push_back(to_json(depth));
  return net::json_response({{"items", std::move(items)}, {"next", ""}});
}

Result<std::string> whoever(const net::Request& request) {
  auto named = TRY(kBy.in(request)).value_or("");
  return request.caller.empty() ? std::move(named) : request.caller;
}

Result<net::Response> pause(Dispatch& dispatch, const net::Request& request) {
  CHECK_OK(dispatch.pause(request.capture("queue"), TRY(whoever(request)), request.call()));
  return net::no_content();
}

Result<net::Response> resume(Dispatch& dispatch, const net::Request& request) {
  CHECK_OK(dispatch.resume(request.capture("queue"), TRY(whoever(request)), request.call()));
  return net::no_content();
}

Result<net::Response> revive(Dispatch& dispatch, const net::Request& request) {
  const JobId id(request.capture("job"));
  CHECK_OK(check_match(dispatch, request, id));
  CHECK_OK(dispatch.revive(id, request.call()));
  const auto job = TRY(dispatch.job(id, request.call()));
  return with_etag(net::created(address(id), to_json(job)), job);
}

Result<net::Response> cancel(Dispatch& dispatch, const net::Request& request) {
  const JobId id(request.capture("job"));
  CHECK_OK(check_match(dispatch, request, id));
  CHECK_OK(dispatch.cancel(id, request.call()));
  return net::no_content();
}

/// One of the places for claims that wait, given back at the end of its scope.
class WaitingPlace {
 public:
  explicit WaitingPlace(std::atomic<int>& taken) : taken_(taken), mine_(taken.fetch_add(1) < kMostWaitingClaims) {}
  ~WaitingPlace() { taken_.fetch_sub(1); }
  WaitingPlace(const WaitingPlace&) = delete;
  explicit operator bool() const { return mine_; }

 private:
  std::atomic<int>& taken_;
  const bool mine_;
};

Result<net::Response> claim(Dispatch& dispatch, const net::Request& request, std::atomic<int>& waiting) {
  const auto body = TRY(request.json());
  const Worker worker{WorkerId(TRY(member<std::string>(body, "worker"))),
                      TRY(member<std::vector<std::string>>(body, "queues"))};
  const auto wait = TRY(member_or<double>(body, "wait_s", 0));
  if (!(wait >= 0 && wait <= kLongestWait))
    return fail_with({Code::invalid, fmt::format("wait_s must be from 0 to {}", kLongestWait), "", "/wait_s"});
  const WaitingPlace place(waiting);
  const auto lease =
      TRY(dispatch.claim(worker, Call::within(Duration(place ? static_cast<std::int64_t>(wait * 1e6) : 0))));
  if (!lease) return net::no_content();
  return net::created(address(lease->job) + "/lease", to_json(*lease));
}

Result<Lease> lease_of(const net::Request& request, std::string token) {
  Lease lease;
  lease.job = JobId(request.capture("job"));
  lease.token = std::move(token);
  return lease;
}

Result<net::Response> renew(Dispatch& dispatch, const net::Request& request) {
  const auto body = TRY(request.json());
  const auto lease = TRY(lease_of(request, TRY(member<std::string>(body, "token"))));
  return net::json_response(to_json(TRY(dispatch.renew(lease, TRY(progress_from_json(body)), request.call()))));
}

Result<net::Response> finish(Dispatch& dispatch, const net::Request& request) {
  const auto body = TRY(request.json());
  const auto lease = TRY(lease_of(request, TRY(member<std::string>(body, "token"))));
  CHECK_OK(dispatch.finish(lease, TRY(outcome_from_json(body)), request.call()));
  return net::no_content();
}

Result<net::Response> release(Dispatch& dispatch, const net::Request& request) {
  const auto token = TRY(kToken.in(request)).value_or("");
  CHECK_OK(dispatch.release(TRY(lease_of(request, token)), request.call()));
  return net::no_content();
}

}  // namespace

std::vector<net::Route> routes(Dispatch& dispatch) {
  using enum net::Method;
  using net::Scope;
  const auto with = [&dispatch](auto handler) {
    return [&dispatch, handler](const net::Request& request) { return handler(dispatch, request); };
  };
  const auto claiming = [&dispatch, waiting = std::make_shared<std::atomic<int>>(0)](const net::Request& request) {
    return claim(dispatch, request, *waiting);
  };
  return {
      {get,
       "/v1/jobs",
       Scope::read,
       "Jobs, newest first, by study, state and queue",
       with(list),
       "job_page",
       "",
       200,
       {kStudy, kState, kQueue, kAfter, kLimit}},
      {get, "/v1/jobs/{job}", Scope::read, "One job with its attempts", with(show), "job"},
      {get, "/v1/queues", Scope::read, "How much waits in each queue, and since when", with(show_queues), "queue_list"},
      {put,
       "/v1/queues/{queue}/pause",
       Scope::operate,
       "Pause a queue: it takes jobs and starts none, also after a restart; what runs goes on",
       with(pause),
       "",
       "",
       204,
       {kBy}},
      {del, "/v1/queues/{queue}/pause", Scope::operate, "Resume a paused queue", with(resume), "", "", 204, {kBy}},
      {post, "/v1/jobs/{job}/revivals", Scope::operate, "Let a dead or cancelled job wait again", with(revive), "job",
       "", 201},
      {del, "/v1/jobs/{job}", Scope::operate, "Cancel a job that waits, runs or is dead", with(cancel), "", "", 204},
      {post, "/v1/jobs", Scope::operate, "Put a job into a queue, once per idempotency key", with(enqueue), "job",
       "new_job", 201},
      {post, "/v1/leases", Scope::peer, "Claim the next job for a worker: a lease, or 204 for none", claiming, "lease",
       "new_lease", 201},
      {put, "/v1/jobs/{job}/lease", Scope::peer, "Renew a lease and tell how far the run is", with(renew), "lease",
       "renewal"},
      {put, "/v1/jobs/{job}/outcome", Scope::peer, "Finish a run", with(finish), "", "outcome", 204},
      {del, "/v1/jobs/{job}/lease", Scope::peer, "Give a job back untouched", with(release), "", "", 204, {kToken}},
  };
}

}  // namespace larmor::dispatch
