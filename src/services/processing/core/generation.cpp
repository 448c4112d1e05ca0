#include "services/processing/core/generation.h"

#include <map>

namespace larmor::processing {

void order_results(std::vector<ResultView>& results) {
  std::ranges::sort(results, [](const ResultView& a, const ResultView& b) {
    return std::tuple(b.generation, b.made, b.job) < std::tuple(a.generation, a.made, a.job);
  });
  std::map<std::string, bool> seen;
  for (auto& result : results) result.superseded = std::exchange(seen[result.pipeline], true);
}

}  // namespace larmor::processing
