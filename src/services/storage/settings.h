#pragma once
/// What a site can set about storage.
#include "base/setting.h"

namespace larmor::storage {

constexpr SettingRow kKeptFree{
    .name = "storage.kept_free",
    .kind = SettingKind::bytes,
    .initial = "2G",
    .example = "20G",
    .why =
        "Below this many free bytes nothing more is taken in (status 0xA700), so that the index and the event log can "
        "always "
        "finish what was begun. Unless it is written down, 5 % of the file system where that is less."};

constexpr SettingRow kPackSize{
    .name = "storage.pack_size",
    .kind = SettingKind::bytes,
    .initial = "256M",
    .least = 1 << 20,
    .most = 17179869184.0,
    .unit = "bytes",
    .example = "1G",
    .why = "Objects are appended to files of this size. Larger packs make fewer files, smaller ones quicker copies."};

constexpr SettingRow kSettings[] = {kKeptFree, kPackSize};

}  // namespace larmor::storage
