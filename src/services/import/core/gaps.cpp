#include "services/import/core/gaps.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace larmor::importing {
namespace {

constexpr std::size_t kFewest = 8;
constexpr double kSame_mm = 0.01;      // two images of one slice
constexpr double kTolerance = 0.1;     // of the spacing, for what counts as regular
constexpr double kRegularShare = 0.8;  // of the steps

}  // namespace

Gaps find_gaps(std::span<const double> positions_mm) {
  std::vector<double> sorted(positions_mm.begin(), positions_mm.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end(), [](double a, double b) { return b - a < kSame_mm; }),
               sorted.end());
  if (sorted.size() < kFewest) return {};
  std::vector<double> steps;
  for (std::size_t i = 1; i < sorted.size(); ++i) steps.push_back(sorted[i] - sorted[i - 1]);
  auto ordered = steps;
  std::nth_element(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(ordered.size() / 2), ordered.end());
  const double spacing = ordered[ordered.size() / 2];
  const auto regular = std::count_if(steps.begin(), steps.end(),
                                     [&](double s) { return std::abs(s - spacing) <= kTolerance * spacing; });
  if (static_cast<double>(regular) < kRegularShare * static_cast<double>(steps.size())) return {};
  Gaps gaps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto lacking = static_cast<int>(std::lround(std::min(steps[i] / spacing, 1e6))) - 1;
    if (lacking < 1) continue;
    if (gaps.missing == 0) gaps.from_mm = sorted[i], gaps.to_mm = sorted[i + 1];
    gaps.missing += lacking;
  }
  return gaps;
}

}  // namespace larmor::importing
