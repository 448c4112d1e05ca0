#include "services/dispatch/rest/remote.h"

#include <thread>

#include "net/items.h"
#include "services/dispatch/rest/codec.h"

namespace larmor::dispatch {
namespace {

std::string address(const JobId& job) {
  return "/v1/jobs/" + net::encode(job.str());
}

std::string pause_of(const std::string& queue, const std::string& by) {
  return fmt::format("/v1/queues/{}/pause{}", net::encode(queue), by.empty() ? "" : "?by=" + net::encode(by));
}

class RemoteDispatch final : public Dispatch {
 public:
  explicit RemoteDispatch(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<JobId> enqueue(const NewJob& work, const Call& call) override {
    return JobId(TRY(member<std::string>(TRY(client_->post("/v1/jobs", to_json(work), call)), "id")));
  }

  /// Asks again until the deadline: the peer bounds how long and how many claims wait at it.
  Result<std::optional<Lease>> claim(const Worker& worker, const Call& call) override {
    for (;;) {
      const auto asked = std::chrono::steady_clock::now();
      const auto wait = std::clamp<Duration>(call.left() - 500ms, 0s, 20s);
      const Json body{{"worker", worker.id.str()}, {"queues", worker.queues}, {"wait_s", seconds(wait)}};
      const auto reply = TRY(client_->send(net::Method::post, "/v1/leases", body.dump(), Call::within(wait + 10s)));
      if (reply.status != 204) return TRY(lease_from_json(TRY(parse_json(reply.body))));
      if (call.left() <= 500ms) return std::nullopt;
      if (std::chrono::steady_clock::now() - asked < 250ms)
        std::this_thread::sleep_for(std::min<Duration>(250ms, call.left()));
    }
  }

  Result<Lease> renew(const Lease& lease, const Progress& progress, const Call& call) override {
    auto body = to_json(progress);
    body["token"] = lease.token;
    return lease_from_json(TRY(client_->put(address(lease.job) + "/lease", body, call)));
  }

  Result<void> finish(const Lease& lease, const Outcome& outcome, const Call& call) override {
    auto body = to_json(outcome);
    body["token"] = lease.token;
    CHECK_OK(client_->send(net::Method::put, address(lease.job) + "/outcome", text(body), call));
    return {};
  }

  Result<void> release(const Lease& lease, const Call& call) override {
    CHECK_OK(
        client_->send(net::Method::del, address(lease.job) + "/lease?token=" + net::encode(lease.token), "", call));
    return {};
  }

  Result<Job> job(const JobId& id, const Call& call) override {
    return job_from_json(TRY(client_->get(address(id), call)));
  }

  Result<JobPage> jobs(const JobQuery& query, const Call& call) override {
    auto target = fmt::format("/v1/jobs?limit={}", query.limit);
    if (!query.study.empty()) target += "&study=" + net::encode(query.study.str());
    if (!query.queue.empty()) target += "&queue=" + net::encode(query.queue);
    if (!query.after.empty()) target += "&after=" + net::encode(query.after);
    if (query.state) target += fmt::format("&state={}", name(*query.state));
    return job_page_from_json(TRY(client_->get(target, call)));
  }

  Result<std::vector<QueueDepth>> depths(const Call& call) override {
    return net::items_of(TRY(client_->get("/v1/queues", call)), depth_from_json);
  }

  Result<void> pause(const std::string& queue, const std::string& by, const Call& call) override {
    CHECK_OK(client_->send(net::Method::put, pause_of(queue, by), "", call));
    return {};
  }

  Result<void> resume(const std::string& queue, const std::string& by, const Call& call) override {
    CHECK_OK(client_->send(net::Method::del, pause_of(queue, by), "", call));
    return {};
  }

  Result<void> revive(const JobId& id, const Call& call) override {
    CHECK_OK(client_->send(net::Method::post, address(id) + "/revivals", "", call));
    return {};
  }

  Result<void> cancel(const JobId& id, const Call& call) override {
    CHECK_OK(client_->send(net::Method::del, address(id), "", call));
    return {};
  }

 private:
  static std::string text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }
  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Dispatch> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteDispatch>(std::move(client));
}

}  // namespace larmor::dispatch
