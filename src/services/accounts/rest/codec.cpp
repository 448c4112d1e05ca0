#include "services/accounts/rest/codec.h"

#include "services/accounts/core/roles.h"

namespace larmor::accounts {
namespace {

Json time_or_null(const std::optional<Time>& time) {
  return time ? Json(to_rfc3339(*time)) : Json();
}

Json list_of(const Rights& rights) {
  Json list = Json::array();
  for (const auto right : rights) list.push_back(name(right));
  return list;
}

Result<Secret> secret(const Json& j, const char* field) {
  return Secret(TRY(member<std::string>(j, field)));
}

}  // namespace

Json to_json(const User& u) {
  return {{"name", u.name},           {"role", name(u.role)},       {"disabled", u.disabled},
          {"elsewhere", u.elsewhere}, {"made", to_rfc3339(u.made)}, {"last_sign_in", time_or_null(u.last_sign_in)}};
}

Json to_json(const Token& t) {
  return {{"id", t.id},
          {"name", t.name},
          {"scopes", list_of(t.rights)},
          {"made", to_rfc3339(t.made)},
          {"expires", to_rfc3339(t.expires)},
          {"last_used", time_or_null(t.last_used)},
          {"revoked", t.revoked}};
}

Json to_json(const std::optional<Caller>& caller, bool required, const std::string& provider) {
  Json j = {
      {"required", required}, {"name", nullptr}, {"role", nullptr}, {"scopes", Json::array()}, {"until", nullptr}};
  j["provider"] = provider.empty() ? Json() : Json(provider);
  if (!required) j["scopes"] = list_of(rights_of(Role::administrator));
  if (!caller) return j;
  j["name"] = caller->name;
  if (caller->role) j["role"] = name(*caller->role);
  j["scopes"] = list_of(caller->rights);
  j["until"] = time_or_null(caller->until);
  return j;
}

Result<Credentials> credentials_from_json(const Json& j) {
  return Credentials{TRY(member<std::string>(j, "name")), TRY(secret(j, "password")), {}};
}

Result<NewPassword> new_password_from_json(const Json& j) {
  return NewPassword{TRY(secret(j, "old")), TRY(secret(j, "password"))};
}

Result<NewUser> new_user_from_json(const Json& j) {
  return NewUser{TRY(member<std::string>(j, "name")), TRY(role_of(TRY(member<std::string>(j, "role")))),
                 TRY(secret(j, "password"))};
}

Result<UserChange> user_change_from_json(const Json& j) {
  UserChange change;
  if (j.contains("role")) change.role = TRY(role_of(TRY(member<std::string>(j, "role"))));
  if (j.contains("disabled")) change.disabled = TRY(member<bool>(j, "disabled"));
  if (j.contains("password")) change.password = TRY(secret(j, "password"));
  return change;
}

Result<NewToken> new_token_from_json(const Json& j) {
  NewToken token;
  token.name = TRY(member<std::string>(j, "name"));
  for (const auto& scope : TRY(member<std::vector<std::string>>(j, "scopes")))
    token.rights.merge(TRY(rights_of(scope)));
  token.life = std::chrono::days(std::clamp(TRY(member<int>(j, "days")), 0, 10'000));
  return token;
}

}  // namespace larmor::accounts
