#include "services/workflow/rest/remote.h"

#include "services/workflow/rest/codec.h"

namespace larmor::workflow {
namespace {

class RemoteWorkflow final : public Workflow {
 public:
  explicit RemoteWorkflow(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<std::vector<RuleView>> rules(const Call& call) override { return list("/v1/rules", rule_from_json, call); }
  Result<std::vector<Decision>> dry_run(const StudyUid& study, const Call& call) override {
    return list("/v1/studies/" + net::encode(study.str()) + "/decisions", decision_from_json, call);
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

std::unique_ptr<Workflow> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteWorkflow>(std::move(client));
}

}  // namespace larmor::workflow
