#pragma once
/// Does a rule's condition hold, and why or why not, in words for a person. Pure.
#include <map>

#include "base/json.h"
#include "services/workflow/core/rule.h"

namespace larmor::workflow {

using Values = std::vector<std::string>;  ///< of one attribute; empty when it is absent

struct SeriesFacts {
  std::string name;  ///< "series 2"
  std::int64_t instances = 0;
  std::map<std::string, Values> attributes;
};

/// What is known about a study when a rule is judged. Series that Larmor made itself are not among them.
struct Facts {
  Json event = Json::object();  ///< fields of the event
  std::vector<SeriesFacts> series;
};

struct Judgement {
  bool holds = false;
  std::string reason;
};

/// Outside of any_series, an attribute's test holds when it holds in some series.
Judgement judge(const Condition&, const Facts&);

}  // namespace larmor::workflow
