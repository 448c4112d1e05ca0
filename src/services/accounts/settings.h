#pragma once
/// Rows of the settings of accounts.
#include <array>

#include "base/setting.h"

namespace larmor::accounts {

inline constexpr SettingRow kSessionIdle{.name = "accounts.session_idle_s",
                                         .kind = SettingKind::seconds,
                                         .initial = "3600",
                                         .least = 60,
                                         .most = 86400,
                                         .unit = "s",
                                         .why =
                                             "Whoever asked for nothing so long must sign in again. An open page asks "
                                             "by itself; what counts for it is accounts.session_most_s."};
inline constexpr SettingRow kSessionMost{.name = "accounts.session_most_s",
                                         .kind = SettingKind::seconds,
                                         .initial = "43200",
                                         .least = 300,
                                         .most = 2592000,
                                         .unit = "s",
                                         .why = "A session ends after this in any case: a shift, by default."};

inline constexpr std::array kSettings = {kSessionIdle, kSessionMost};

}  // namespace larmor::accounts
