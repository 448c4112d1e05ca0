#pragma once
/// Rows of processing's settings.
#include "base/setting.h"

namespace larmor::processing {

inline constexpr SettingRow kWorkers{
    .name = "processing.workers",
    .kind = SettingKind::integer,
    .initial = "1",
    .least = 0,
    .most = 256,
    .why =
        "So many pipelines run at the same time on this machine. Each needs processing.memory at most; 0 runs none."};
inline constexpr SettingRow kThreads{
    .name = "processing.threads",
    .kind = SettingKind::integer,
    .initial = "0",
    .least = 0,
    .most = 1024,
    .why = "Threads of one pipeline; 0 shares the machine's processors among the workers."};
inline constexpr SettingRow kMemory{
    .name = "processing.memory",
    .kind = SettingKind::bytes,
    .initial = "8G",
    .least = 64 << 20,
    .most = 1e15,
    .unit = "bytes",
    .why = "A pipeline that asks for more memory than this is ended, and its job says so."};
inline constexpr SettingRow kTime{.name = "processing.time_s",
                                  .kind = SettingKind::seconds,
                                  .initial = "1800",
                                  .least = 1,
                                  .most = 604800,
                                  .unit = "s",
                                  .why = "A pipeline that takes longer than this is ended, and its job says so."};
inline constexpr SettingRow kScratch{
    .name = "processing.scratch",
    .kind = SettingKind::bytes,
    .initial = "20G",
    .least = 1 << 20,
    .most = 1e15,
    .unit = "bytes",
    .why = "Disk that one run may use, for the study's images and for what the pipeline writes."};
inline constexpr SettingRow kNice{
    .name = "processing.nice",
    .kind = SettingKind::integer,
    .initial = "5",
    .least = 0,
    .most = 19,
    .why = "How far pipelines step back behind the taking in of images: 0 not at all, 19 as far as possible."};

inline constexpr SettingRow kPriorsWait{
    .name = "processing.priors_wait_s",
    .kind = SettingKind::seconds,
    .initial = "60",
    .least = 1,
    .most = 3600,
    .unit = "s",
    .why =
        "The longest that a run waits for archives to tell of earlier studies of the patient and to send one. Then it "
        "goes on without a comparison, and the findings say so."};

inline constexpr std::array kSettings{kWorkers, kThreads, kMemory, kTime, kScratch, kNice, kPriorsWait};

}  // namespace larmor::processing
