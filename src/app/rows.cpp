/// Every setting of the program, gathered from those who own them.
#include "app/config.h"
#include "app/settings.h"
#include "services/accounts/settings.h"
#include "services/dispatch/settings.h"
#include "services/export/settings.h"
#include "services/import/settings.h"
#include "services/processing/settings.h"
#include "services/storage/settings.h"
#include "services/workflow/settings.h"

namespace larmor::app {

std::vector<SettingRow> all_rows() {
  std::vector<SettingRow> rows;
  const auto add = [&](std::span<const SettingRow> more) { rows.insert(rows.end(), more.begin(), more.end()); };
  add(kSettings);
  add(accounts::kSettings);
  add(importing::kSettings);
  add(storage::kSettings);
  add(workflow::kSettings);
  add(dispatch::kSettings);
  add(processing::kSettings);
  add(exporting::kSettings);
  return rows;
}

}  // namespace larmor::app
