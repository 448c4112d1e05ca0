#include "services/export/core/verdict.h"

namespace larmor::exporting {

std::optional<Error> verdict(const dimse::Delivery& d, std::size_t wanted, const std::string& destination) {
  if (d.refused.empty()) return std::nullopt;
  const auto passing =
      std::find_if(d.refused.begin(), d.refused.end(), [](const auto& r) { return row(r.why.code).retryable; });
  const auto& shown = passing == d.refused.end() ? d.refused.front() : *passing;
  return Error{shown.why.code,
               fmt::format("{} of {} objects could not be sent to {}: {}: {}", d.refused.size(), wanted, destination,
                           shown.instance, shown.why.what),
               shown.why.hint, ""};
}

Error worth_another_try(Error e) {
  if (e.code == Code::forbidden) e.code = Code::unavailable;
  return e;
}

}  // namespace larmor::exporting
