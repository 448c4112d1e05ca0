#pragma once
/// Rows of import's settings.
#include "base/setting.h"

namespace larmor::importing {

inline constexpr SettingRow kAeTitle{
    .name = "import.ae_title",
    .initial = "LARMOR",
    .why = "Larmor's own AE title: what the PACS must call it by, and what it calls itself when it asks the archive."};
inline constexpr SettingRow kAnyCalled{
    .name = "import.any_called_ae",
    .kind = SettingKind::boolean,
    .initial = "false",
    .why =
        "Accept associations whatever AE title the caller used for Larmor. Otherwise a wrong one is rejected, which "
        "shows a mistake in the PACS's configuration at once."};
inline constexpr SettingRow kAddress{
    .name = "import.address",
    .initial = "0.0.0.0",
    .example = "10.0.0.7",
    .why = "The address of this machine on which DICOM associations are accepted; 0.0.0.0 for all of them."};
inline constexpr SettingRow kPort{.name = "import.port",
                                  .kind = SettingKind::integer,
                                  .initial = "11112",
                                  .least = 0,
                                  .most = 65535,
                                  .why =
                                      "The port for DICOM associations (11112 is registered for DICOM); 0 takes any "
                                      "free one."};
inline constexpr SettingRow kAllowedCalling{
    .name = "import.allowed_calling",
    .kind = SettingKind::list,
    .initial = "",
    .example = "PACS, CT2",
    .why = "AE titles that may send; empty lets everybody in who reaches the port."};
inline constexpr SettingRow kAssociations{.name = "import.associations",
                                          .kind = SettingKind::integer,
                                          .initial = "64",
                                          .least = 1,
                                          .most = 1000,
                                          .why = "Associations at one time; the next one is told to try again."};
inline constexpr SettingRow kPdu{.name = "import.pdu",
                                 .kind = SettingKind::bytes,
                                 .initial = "128K",
                                 .least = 4096,
                                 .most = 131072,
                                 .unit = "bytes",
                                 .why = "The largest PDU that senders may use; larger is faster."};
inline constexpr SettingRow kPatience{
    .name = "import.patience_s",
    .kind = SettingKind::seconds,
    .initial = "60",
    .least = 1,
    .most = 3600,
    .unit = "s",
    .why = "An open association that says nothing for this long is aborted, so that a hung sender holds nothing up."};
inline constexpr SettingRow kTlsCertificate{
    .name = "import.tls.certificate",
    .example = "/etc/larmor/tls/import.pem",
    .why = "Certificate chain (PEM) for DICOM over TLS; empty accepts plain connections."};
inline constexpr SettingRow kTlsKey{
    .name = "import.tls.key", .example = "/etc/larmor/tls/import.key", .why = "Private key (PEM) of that certificate."};
inline constexpr SettingRow kTlsAuthorities{.name = "import.tls.authorities",
                                            .example = "/etc/larmor/tls/ca.pem",
                                            .why = "Authorities (PEM) of which every sender must show a certificate."};

inline constexpr SettingRow kQuietPeriod{
    .name = "import.quiet_period_s",
    .kind = SettingKind::seconds,
    .initial = "5",
    .least = 0.1,
    .most = 3600,
    .unit = "s",
    .why =
        "A study counts as complete when nothing of it has arrived for this long and no other clue says that more "
        "is coming."};
inline constexpr SettingRow kGapFactor{
    .name = "import.gap_factor",
    .kind = SettingKind::integer,
    .initial = "6",
    .least = 1,
    .most = 1000,
    .why = "Where slices are missing inside a volume, the quiet period is this many times as long."};
inline constexpr SettingRow kMostWait{
    .name = "import.most_wait_s",
    .kind = SettingKind::seconds,
    .initial = "600",
    .least = 1,
    .most = 86400,
    .unit = "s",
    .why =
        "The longest that an open association, or an archive that lists more, holds a study back after its last "
        "image."};
inline constexpr SettingRow kArchiveHost{
    .name = "import.archive.host",
    .example = "pacs.hospital.example",
    .why = "The archive to ask by C-FIND how many instances a study has; empty asks nobody."};
inline constexpr SettingRow kArchivePort{.name = "import.archive.port",
                                         .kind = SettingKind::integer,
                                         .initial = "104",
                                         .least = 1,
                                         .most = 65535,
                                         .why = "The archive's DICOM port."};
inline constexpr SettingRow kArchiveTitle{
    .name = "import.archive.ae_title", .initial = "ARCHIVE", .why = "The archive's AE title."};
inline constexpr SettingRow kLargestUploadedFile{
    .name = "import.largest_uploaded_file",
    .kind = SettingKind::bytes,
    .initial = "4G",
    .least = 1024,
    .most = 1e12,
    .unit = "bytes",
    .why =
        "A file, also one inside a ZIP archive, that is larger is refused: a small archive can unpack to very much."};

inline constexpr std::array kSettings{
    kAeTitle,   kAnyCalled, kAddress,        kPort,        kAllowedCalling, kAssociations,
    kPdu,       kPatience,  kTlsCertificate, kTlsKey,      kTlsAuthorities, kQuietPeriod,
    kGapFactor, kMostWait,  kArchiveHost,    kArchivePort, kArchiveTitle,   kLargestUploadedFile};

}  // namespace larmor::importing
