/// `larmor storage verify` and `rebuild`, on the directory itself.
#include <cstdio>

#include "app/commands.h"
#include "app/plan.h"
#include "services/events/make.h"
#include "services/storage/maintenance.h"

namespace larmor::app {

Result<int> storage_verify(const StorageArguments& a) {
  const auto plan = TRY(plan_of(a.config));
  const auto report = TRY(storage::verify(plan.data / "storage"));
  if (a.json) {
    Json findings = Json::array();
    for (const auto& f : report.findings)
      findings.push_back({{"pack", f.pack}, {"offset", f.offset}, {"what", f.what}});
    fmt::print("{}\n", Json{{"packs", report.packs},
                            {"objects", report.objects},
                            {"conflicts", report.conflicts},
                            {"bytes", report.bytes},
                            {"findings", findings},
                            {"finding_count", report.finding_count}}
                           .dump(2));
  } else {
    for (const auto& f : report.findings) fmt::print("pack {}, byte {}: {}\n", f.pack, f.offset, f.what);
    fmt::print(
        "{} objects, {} bytes in {} packs: {}\n", report.objects, report.bytes, report.packs,
        report.finding_count == 0 ? "all as they were received" : fmt::format("{} findings", report.finding_count));
  }
  return report.finding_count == 0 ? 0 : 1;
}

Result<int> storage_rebuild(const StorageArguments& a) {
  const auto plan = TRY(plan_of(a.config));
  const auto log = TRY(events::make(plan.data / "events", plan.clock));
  const auto objects = TRY(storage::rebuild(plan.data / "storage", *log));
  if (a.json)
    fmt::print("{}\n", Json{{"objects", objects}}.dump());
  else
    fmt::print("The index holds {} objects again.\n", objects);
  return 0;
}

}  // namespace larmor::app
