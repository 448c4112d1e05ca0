#pragma once
/// What each role may: one table, the same in the guard, on the command line and in the documents. Pure.
#include <array>
#include <string_view>

#include "services/accounts/accounts.h"

namespace larmor::accounts {

struct RoleRow {
  Role role;
  std::string_view name;
  bool read, operate, administer;
  std::string_view who;
};

inline constexpr std::array kRoles = {
    RoleRow{Role::reader, "reader", true, false, false, "looks at studies, results, jobs and events"},
    RoleRow{Role::operator_, "operator", true, true, false, "also sends, uploads, cancels and starts again"},
    RoleRow{Role::administrator, "administrator", true, true, true, "also decides who may sign in, and makes tokens"},
};

std::string_view name(Role);
std::string_view name(Right);
Rights rights_of(Role);

/// `invalid` names the nearest role or right.
Result<Role> role_of(std::string_view name);
Result<Rights> rights_of(std::string_view names);  ///< words with blanks or commas between: "read operate"
std::string words(const Rights&);                  ///< "read operate"

}  // namespace larmor::accounts
