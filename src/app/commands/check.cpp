/// `larmor check`: is the configuration right? `larmor doctor`: is the world around it right?
#include <cstdio>

#include "app/commands.h"
#include "app/doctor.h"

namespace larmor::app {
namespace {

int report(const std::vector<Finding>& findings, bool json) {
  const auto report = to_json(findings);
  if (json) fmt::print("{}\n", report.dump(2));
  for (const auto& f : findings)
    if (!json)
      fmt::print("{}  {:<22} {}{}\n", f.well ? "ok  " : "ILL ", f.name.empty() ? f.what : f.what + " " + f.name,
                 f.words, f.mend.empty() ? "" : "\n      -> " + f.mend);
  return report["ill"] == 0 ? 0 : 1;
}

}  // namespace

Result<int> check(const CheckArguments& a) {
  const auto plan = TRY(plan_of(a.config));
  std::vector<Finding> findings = {configuration(plan)};
  std::ranges::move(rules(plan), std::back_inserter(findings));
  return report(findings, a.json);
}

Result<int> doctor(const CheckArguments& a) {
  const auto plan = plan_of(a.config);
  if (!plan) return report({{"configuration", {}, false, plan.error().what, plan.error().hint}}, a.json);
  auto findings = look_around(*plan);
  std::ranges::move(before_start(*plan), std::back_inserter(findings));
  return report(findings, a.json);
}

}  // namespace larmor::app
