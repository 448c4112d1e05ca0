#pragma once
/// Settings of the program as a whole; each service has its own rows beside its contract.
#include <array>

#include "base/setting.h"

namespace larmor::app {

inline constexpr SettingRow kDataDirectory{
    .name = "data.directory",
    .initial = "var/larmor",
    .example = "/var/lib/larmor",
    .why = "Everything that Larmor keeps lies below this folder: objects, index, events, jobs, results."};
inline constexpr SettingRow kModelsDirectory{
    .name = "models.directory",
    .initial = "",
    .example = "/usr/share/larmor/models",
    .why = "Where the networks lie; empty: the folder models beside the program or its sources."};
inline constexpr SettingRow kWebDirectory{
    .name = "web.directory",
    .initial = "",
    .example = "/usr/share/larmor/web",
    .why = "Where the built web application lies; empty: web/dist beside the program's sources."};
inline constexpr SettingRow kOhifDirectory{
    .name = "web.ohif",
    .initial = "",
    .example = "/usr/share/larmor/ohif",
    .why =
        "Where the OHIF viewer lies, which is shown below /ohif; empty: third_party/ohif, where tools/fetch_ohif "
        "puts it. Without it Larmor does without."};
inline constexpr SettingRow kRulesFile{.name = "workflow.rules",
                                       .initial = "",
                                       .example = "rules.yaml",
                                       .why =
                                           "The file with the rules, relative to the configuration file; empty: the "
                                           "rules in the configuration file itself."};
inline constexpr SettingRow kHttpAddress{
    .name = "http.address",
    .initial = "127.0.0.1",
    .example = "127.0.0.1",
    .why = "Where browsers and programs reach Larmor. Anything but the loopback needs http.certificate and http.key."};
inline constexpr SettingRow kHttpPort{.name = "http.port",
                                      .kind = SettingKind::integer,
                                      .initial = "8480",
                                      .least = 0,
                                      .most = 65535,
                                      .why = "Port of the web page and the REST API; 0 takes any free one."};
inline constexpr SettingRow kHttpHosts{
    .name = "http.hosts",
    .kind = SettingKind::list,
    .example = "larmor.hospital.example",
    .why =
        "Names that browsers and proxies reach Larmor by, beside localhost, addresses and those in http.certificate. "
        "A request for any other name is refused: another site could have pointed it here."};
inline constexpr SettingRow kHttpCertificate{.name = "http.certificate",
                                             .example = "/etc/larmor/front.pem",
                                             .why = "Certificate chain (PEM) towards browsers; empty: plain HTTP."};
inline constexpr SettingRow kHttpKey{
    .name = "http.key", .example = "/etc/larmor/front.key", .why = "Private key (PEM) of http.certificate."};
inline constexpr SettingRow kPeerAddress{
    .name = "peer.address", .initial = "127.0.0.1", .why = "Where the other services reach this one, with mutual TLS."};
inline constexpr SettingRow kPeerPort{
    .name = "peer.port",
    .kind = SettingKind::integer,
    .initial = "0",
    .least = 0,
    .most = 65535,
    .why = "Port for the other services; 0: none, unless certificates are given, then any free one."};
inline constexpr SettingRow kPeerCertificates{
    .name = "peer.certificates",
    .example = "/etc/larmor/certs",
    .why = "Folder made by `larmor certs init`: ca.pem and a certificate and key per service. Empty: no peers."};
inline constexpr SettingRow kPeer{
    .name = "peers.*",
    .example = "https://storage.example:8443",
    .why = "Where a service runs that this process does not: peers.storage, peers.dispatch ..."};
inline constexpr SettingRow kLogFormat{
    .name = "log.format", .initial = "prose", .example = "json", .why = "prose for people, json for machines."};

inline constexpr std::array kSettings = {
    kDataDirectory, kModelsDirectory, kWebDirectory, kOhifDirectory, kRulesFile, kHttpAddress,      kHttpPort,
    kHttpHosts,     kHttpCertificate, kHttpKey,      kPeerAddress,   kPeerPort,  kPeerCertificates, kPeer,
    kLogFormat};

}  // namespace larmor::app
