#include "services/processing/brain/truth.h"

namespace larmor::processing::brain {

Json truth_of(const imaging::SimulatedVisit& made, const imaging::Visit& visit) {
  Json structures = Json::array();
  for (const auto& group : compared_groups()) {
    double first = 0, second = 0;
    for (const auto& t : made.structures)
      if (group.holds(t.id)) first += t.before_ml, second += t.after_ml;
    structures.push_back({{"name", group.name},
                          {"first_ml", first},
                          {"second_ml", second},
                          {"percent", first + second > 0 ? 200 * (second - first) / (first + second) : 0},
                          {"percent_of_first", first > 0 ? 100 * (second - first) / first : 0}});
  }
  return {{"simulated", true},
          {"seed", visit.seed},
          {"asked_percent", visit.brain_change_percent},
          {"pbvc_percent", structures[0]["percent"]},
          {"structures", structures}};
}

}  // namespace larmor::processing::brain
