#pragma once
/// Rows of export's settings. The `*` is the name that the site gives to a destination, and that rules send to.
#include "base/setting.h"

namespace larmor::exporting {

inline constexpr SettingRow kHost{.name = "export.destinations.*.host",
                                  .example = "pacs.hospital.example",
                                  .why = "The machine that takes the results in."};
inline constexpr SettingRow kPort{.name = "export.destinations.*.port",
                                  .kind = SettingKind::integer,
                                  .initial = "104",
                                  .least = 1,
                                  .most = 65535,
                                  .why = "Its DICOM port."};
inline constexpr SettingRow kCalledAe{.name = "export.destinations.*.called_ae",
                                      .example = "ARCHIVE",
                                      .why = "Its AE title; empty takes the destination's name in capital letters."};
inline constexpr SettingRow kCallingAe{
    .name = "export.destinations.*.calling_ae",
    .initial = "LARMOR",
    .why = "What Larmor calls itself there; many archives take objects only from titles that they know."};
inline constexpr SettingRow kConfirm{.name = "export.destinations.*.confirm",
                                     .kind = SettingKind::boolean,
                                     .initial = "true",
                                     .why = "Ask the destination by C-FIND whether it really lists what it was sent."};
inline constexpr SettingRow kTlsCertificate{.name = "export.destinations.*.tls.certificate",
                                            .example = "/etc/larmor/tls/export.pem",
                                            .why = "Our certificate chain (PEM) for DICOM over TLS; empty is plain."};
inline constexpr SettingRow kTlsKey{.name = "export.destinations.*.tls.key",
                                    .example = "/etc/larmor/tls/export.key",
                                    .why = "Private key (PEM) of that certificate."};
inline constexpr SettingRow kTlsAuthorities{
    .name = "export.destinations.*.tls.authorities",
    .example = "/etc/larmor/tls/ca.pem",
    .why = "Authorities (PEM) of which the destination must show a certificate."};
inline constexpr SettingRow kBreakerCool{.name = "export.breaker_cool_s",
                                         .kind = SettingKind::seconds,
                                         .initial = "15",
                                         .least = 0.1,
                                         .most = 3600,
                                         .unit = "s",
                                         .why =
                                             "After two failed connections a destination is left alone this long, then "
                                             "greeted (C-ECHO); with each silence the "
                                             "pause doubles. Its jobs wait meanwhile, and lose no attempt."};
inline constexpr SettingRow kBreakerMost{
    .name = "export.breaker_most_s",
    .kind = SettingKind::seconds,
    .initial = "120",
    .least = 0.1,
    .most = 3600,
    .unit = "s",
    .why = "The longest such pause: how late the return of a destination is noticed."};

inline constexpr std::array kSettings{kHost,           kPort,   kCalledAe,       kCallingAe,   kConfirm,
                                      kTlsCertificate, kTlsKey, kTlsAuthorities, kBreakerCool, kBreakerMost};

}  // namespace larmor::exporting
