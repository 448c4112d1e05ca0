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

inline constexpr SettingRow kOidcIssuer{
    .name = "accounts.oidc.issuer",
    .example = "https://login.hospital.example/realms/imaging",
    .why = "The OpenID Connect provider that people may sign in with, exactly as it names itself; empty: none."};
inline constexpr SettingRow kOidcTitle{.name = "accounts.oidc.title",
                                       .initial = "the hospital's account",
                                       .why = "What the button on the sign-in page calls it: Sign in with ..."};
inline constexpr SettingRow kOidcClient{
    .name = "accounts.oidc.client_id", .initial = "larmor", .why = "What the provider calls this Larmor."};
inline constexpr SettingRow kOidcSecret{.name = "accounts.oidc.client_secret_file",
                                        .example = "/etc/larmor/oidc.secret",
                                        .why = "The file with the client's secret; empty for a public client."};
inline constexpr SettingRow kOidcAddress{
    .name = "accounts.oidc.own_address",
    .example = "https://larmor.hospital.example",
    .why = "How browsers reach this Larmor; the provider must allow the redirect to it with /v1/session/return."};
inline constexpr SettingRow kOidcName{.name = "accounts.oidc.name_claim",
                                      .initial = "preferred_username",
                                      .why = "The claim of the ID token that is a user's name here."};
inline constexpr SettingRow kOidcScope{
    .name = "accounts.oidc.scope", .initial = "openid profile", .why = "What the provider is asked to tell."};
inline constexpr SettingRow kOidcRoles{.name = "accounts.oidc.role_claim",
                                       .initial = "roles",
                                       .example = "realm_access.roles",
                                       .why = "The claim with roles or groups; dots lead into it."};
inline constexpr SettingRow kOidcReaders{.name = "accounts.oidc.readers",
                                         .kind = SettingKind::list,
                                         .example = "radiology",
                                         .why = "Values of the role claim that make a reader."};
inline constexpr SettingRow kOidcOperators{.name = "accounts.oidc.operators",
                                           .kind = SettingKind::list,
                                           .example = "radiographers",
                                           .why = "Values of the role claim that make an operator."};
inline constexpr SettingRow kOidcAdministrators{.name = "accounts.oidc.administrators",
                                                .kind = SettingKind::list,
                                                .example = "pacs-admin",
                                                .why = "Values of the role claim that make an administrator."};
inline constexpr SettingRow kOidcAuthorities{
    .name = "accounts.oidc.authorities",
    .example = "/etc/larmor/tls/ca.pem",
    .why = "Authorities (PEM) of which the provider must show a certificate; empty: the system's."};

inline constexpr std::array kSettings = {
    kSessionIdle, kSessionMost, kOidcIssuer, kOidcTitle,   kOidcClient,    kOidcSecret,         kOidcAddress,
    kOidcName,    kOidcScope,   kOidcRoles,  kOidcReaders, kOidcOperators, kOidcAdministrators, kOidcAuthorities};

}  // namespace larmor::accounts
