#pragma once
/// A rule as it is judged: what sets it off, what must hold, what is then done. Plain values. Pure.
#include <cstdint>
#include <string>
#include <vector>

#include "services/dispatch/dispatch.h"
#include "services/workflow/core/value.h"

namespace larmor::workflow {

struct TriggerRow;
struct ActionRow;

/// What a test looks at.
struct Subject {
  enum class Where {
    attribute,  ///< a DICOM attribute, by keyword
    event,      ///< a field of the event that set the rule off
    instances,  ///< how many the series has; outside of a series, the study
    series,     ///< how many the study has
  } where = Where::attribute;
  std::string name;
  std::uint32_t tag = 0;  ///< of an attribute
  bool withheld = false;  ///< identifies a person: its value never gets into a reason
};

struct Condition {
  enum class Kind {
    all,           ///< every part holds; without parts, always
    any,           ///< at least one part holds
    none,          ///< the one part does not hold
    any_series,    ///< all parts hold in one and the same series
    every_series,  ///< all parts hold in each series, and there is one
    test,
  } kind = Kind::all;
  std::vector<Condition> parts;
  Subject subject;
  Test test;
};

struct Action {
  const ActionRow* row = nullptr;  ///< never null
  std::string target;              ///< pipeline or destination
  dispatch::Priority priority = dispatch::Priority::routine;
  std::vector<std::string> send_results_to;
  std::vector<std::string> priors_from;  ///< destinations that are asked for earlier studies of the patient
};

struct Rule {
  std::string name;
  const TriggerRow* trigger = nullptr;  ///< never null
  Condition condition;
  std::vector<Action> actions;
  std::string text;  ///< as YAML
  int line = 0;
};

/// Keywords of the attributes that the condition looks at.
std::vector<Subject> attributes_of(const Condition&);

}  // namespace larmor::workflow
