#pragma once
/// Rows of dispatch's settings.
#include "base/setting.h"

namespace larmor::dispatch {

inline constexpr SettingRow kLease{
    .name = "dispatch.lease_s",
    .kind = SettingKind::seconds,
    .initial = "30",
    .least = 1,
    .most = 3600,
    .unit = "s",
    .why = "A worker that has not been heard of for this long is taken for dead, and its job goes to another one."};
inline constexpr SettingRow kMaxAttempts{
    .name = "dispatch.max_attempts",
    .kind = SettingKind::integer,
    .initial = "20",
    .least = 1,
    .most = 1000,
    .why =
        "After this many failed attempts a job is put aside as dead, until an operator revives it. With the default "
        "back-off, 20 attempts ride out about an hour and a half."};
inline constexpr SettingRow kBackoffBase{
    .name = "dispatch.backoff_base_s",
    .kind = SettingKind::seconds,
    .initial = "5",
    .least = 0.001,
    .most = 3600,
    .unit = "s",
    .why = "The longest wait after the first failed attempt; it doubles with each further one."};
inline constexpr SettingRow kBackoffCap{.name = "dispatch.backoff_cap_s",
                                        .kind = SettingKind::seconds,
                                        .initial = "900",
                                        .least = 0.001,
                                        .most = 86400,
                                        .unit = "s",
                                        .why = "No wait between two attempts is longer than this."};
inline constexpr SettingRow kHeadStart{.name = "dispatch.priority_head_start_s",
                                       .kind = SettingKind::seconds,
                                       .initial = "1800",
                                       .least = 0,
                                       .most = 86400,
                                       .unit = "s",
                                       .why =
                                           "A job of the next higher priority overtakes those queued up to this much "
                                           "earlier, and no others: urgent work goes "
                                           "first, and low priority still gets its turn."};
inline constexpr SettingRow kMaxOpen{
    .name = "dispatch.max_open_jobs",
    .kind = SettingKind::integer,
    .initial = "100000",
    .least = 1,
    .most = 10'000'000,
    .why = "No more jobs than this wait or run at one time; beyond it, enqueueing answers `unavailable`."};
inline constexpr SettingRow kLargestArguments{
    .name = "dispatch.largest_arguments",
    .kind = SettingKind::bytes,
    .initial = "1M",
    .least = 1024,
    .most = 64 << 20,
    .why = "Arguments and results of a job are small descriptions, not images; larger ones are refused."};

inline constexpr std::array kSettings{kLease,     kMaxAttempts, kBackoffBase,     kBackoffCap,
                                      kHeadStart, kMaxOpen,     kLargestArguments};

}  // namespace larmor::dispatch
