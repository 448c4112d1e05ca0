#pragma once
/// Accounts' values as JSON. Fields are named as in accounts.h; `invalid` points at the wrong one. Secrets only come
/// in, but for a new token's.
#include "base/json.h"
#include "services/accounts/accounts.h"

namespace larmor::accounts {

struct NewUser {
  std::string name;
  Role role = Role::reader;
  Secret password;
};

struct NewPassword {
  Secret old, fresh;
};

Json to_json(const User&);
Json to_json(const Token&);
/// What the browser's pages know of who uses them; nothing where nobody signed in.
Json to_json(const std::optional<Caller>&, bool required, const std::string& provider = {});

Result<Credentials> credentials_from_json(const Json&);  ///< without the address
Result<NewPassword> new_password_from_json(const Json&);
Result<NewUser> new_user_from_json(const Json&);
Result<UserChange> user_change_from_json(const Json&);
Result<NewToken> new_token_from_json(const Json&);

}  // namespace larmor::accounts
