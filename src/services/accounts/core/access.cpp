#include "services/accounts/core/access.h"

#include <algorithm>
#include <array>

namespace larmor::accounts {
namespace {

/// Addresses that show something of a patient, and those of them that are lists of many.
constexpr std::array<std::string_view, 6> kOfPatients = {"/v1/studies", "/v1/instances/", "/v1/results/",
                                                         "/dicom-web/", "/v1/changes",    "/changes"};

}  // namespace

Access access_of(std::string_view pattern, bool safe) {
  if (!safe) return Access::operated;
  const auto shows = [&](std::string_view prefix) { return pattern.starts_with(prefix); };
  if (std::none_of(kOfPatients.begin(), kOfPatients.end(), shows)) return Access::none;
  return pattern.find('{') == std::string_view::npos ? Access::searched : Access::opened;
}

bool Windows::first(const std::string& key, Time now) {
  const auto found = said_.find(key);
  if (found != said_.end() && now - found->second < kLength) return false;
  if (found == said_.end() && said_.size() >= kMost)
    said_.erase(
        std::min_element(said_.begin(), said_.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
  said_[key] = now;
  return true;
}

}  // namespace larmor::accounts
