#include "services/processing/rest/remote.h"

#include "net/items.h"
#include "services/processing/rest/codec.h"

namespace larmor::processing {
namespace {

constexpr std::size_t kLargestFile = 256 << 20;

class RemoteProcessing final : public Processing {
 public:
  explicit RemoteProcessing(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<std::vector<ResultView>> results(const StudyUid& study, const Call& call) override {
    const auto target = "/v1/studies/" + net::encode(study.str()) + "/results";
    return net::items_of(TRY(client_->get(target, call)), result_from_json);
  }
  Result<std::string> result_file(const JobId& job, const std::string& file, const Call& call) override {
    const auto reply =
        TRY(client_->download(fmt::format("/v1/results/{}/files/{}", net::encode(job.str()), net::encode(file)), call));
    return read_all(*reply.body, kLargestFile);
  }
  Result<void> give_feedback(const JobId& job, const Feedback& feedback, const Call& call) override {
    TRY(client_->post(fmt::format("/v1/results/{}/feedback", net::encode(job.str())), to_json(feedback), call));
    return {};
  }
  Result<std::vector<PipelineView>> pipelines(const Call& call) override {
    return net::items_of(TRY(client_->get("/v1/pipelines", call)), pipeline_from_json);
  }
  Result<std::vector<WorkerView>> workers(const Call& call) override {
    return net::items_of(TRY(client_->get("/v1/workers", call)), worker_from_json);
  }

 private:
  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Processing> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteProcessing>(std::move(client));
}

}  // namespace larmor::processing
