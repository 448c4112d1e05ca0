#include "services/workflow/rest/routes.h"

#include "services/workflow/rest/codec.h"

namespace larmor::workflow {
namespace {

template <class View>
net::Response listed(const std::vector<View>& views) {
  Json items = Json::array();
  for (const auto& view : views) items.push_back(to_json(view));
  return net::json_response({{"items", std::move(items)}, {"next", ""}});
}

Result<net::Response> rules(Workflow& workflow, const net::Request& request) {
  return listed(TRY(workflow.rules(request.call())));
}

Result<net::Response> decisions(Workflow& workflow, const net::Request& request) {
  return listed(TRY(workflow.dry_run(StudyUid(request.capture("study")), request.call())));
}

}  // namespace

std::vector<net::Route> routes(Workflow& workflow) {
  using net::Scope;
  const auto with = [&workflow](auto handler) {
    return [&workflow, handler](const net::Request& request) { return handler(workflow, request); };
  };
  return {
      {net::Method::get, "/v1/rules", Scope::read, "The rules in force", with(rules), "rule_list"},
      {net::Method::get, "/v1/studies/{study}/decisions", Scope::read,
       "What the rules in force say about the study as it is now; nothing is done", with(decisions), "decision_list"},
  };
}

}  // namespace larmor::workflow
