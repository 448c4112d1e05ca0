#include "services/workflow/rest/remote.h"

#include "net/items.h"
#include "services/workflow/rest/codec.h"

namespace larmor::workflow {
namespace {

class RemoteWorkflow final : public Workflow {
 public:
  explicit RemoteWorkflow(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<std::vector<RuleView>> rules(const Call& call) override {
    return net::items_of(TRY(client_->get("/v1/rules", call)), rule_from_json);
  }
  Result<std::vector<Decision>> dry_run(const StudyUid& study, const Call& call) override {
    const auto target = "/v1/studies/" + net::encode(study.str()) + "/decisions";
    return net::items_of(TRY(client_->get(target, call)), decision_from_json);
  }

 private:
  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Workflow> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteWorkflow>(std::move(client));
}

}  // namespace larmor::workflow
