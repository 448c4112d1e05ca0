#pragma once
/// Rows of workflow's settings. The file with the rules is the program's own setting, workflow.rules: it may be the
/// configuration file itself.
#include "base/setting.h"

namespace larmor::workflow {

inline constexpr SettingRow kReload{.name = "workflow.reload_s",
                                    .kind = SettingKind::seconds,
                                    .initial = "2",
                                    .least = 0,
                                    .most = 3600,
                                    .unit = "s",
                                    .why =
                                        "So often the file with the rules is looked at; a changed one is in force at "
                                        "once if it is right, and reported and "
                                        "left aside if it is not. 0 never looks."};

inline constexpr std::array kSettings{kReload};

}  // namespace larmor::workflow
