#include "services/processing/rest/remote.h"

#include "services/processing/rest/codec.h"

namespace larmor::processing {
namespace {

constexpr std::size_t kLargestFile = 256 << 20;

class RemoteProcessing final : public Processing {
 public:
  explicit RemoteProcessing(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<std::vector<ResultView>> results(const StudyUid& study, const Call& call) override {
    return list("/v1/studies/" + net::encode(study.str()) + "/results", result_from_json, call);
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
    return list("/v1/pipelines", pipeline_from_json, call);
  }
  Result<std::vector<WorkerView>> workers(const Call& call) override {
    return list("/v1/workers", worker_from_json, call);
  }

 private:
  template <class View>
  Result<std::vector<View>> list(const std::string& target, Result<View> (*read)(const Json&), const Call& call) {
    std::vector<View> views;
    const auto items = TRY(member<Json>(TRY(client_->get(target, call)), "items"));
    for (const auto& item : items) views.push_back(TRY(read(item)));
    return views;
  }

  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Processing> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteProcessing>(std::move(client));
}

}  // namespace larmor::processing
