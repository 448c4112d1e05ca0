#include "services/accounts/core/roles.h"

#include <algorithm>

#include "base/text.h"

namespace larmor::accounts {
namespace {

constexpr std::array<std::string_view, 3> kRights = {"read", "operate", "administer"};

template <class Names>
Failure unknown(std::string_view what, std::string_view given, const Names& names) {
  const std::vector<std::string> known(names.begin(), names.end());
  const auto near = nearest(given, known);
  return fail_with(
      {Code::invalid, fmt::format("there is no {} '{}'", what, given.substr(0, 100)),
       near ? fmt::format("Did you mean {}?", *near) : fmt::format("There are: {}.", fmt::join(known, ", ")),
       fmt::format("/{}", what)});
}

}  // namespace

std::string_view name(Role role) {
  return kRoles[static_cast<std::size_t>(role)].name;
}

std::string_view name(Right right) {
  return kRights[static_cast<std::size_t>(right)];
}

Rights rights_of(Role role) {
  const auto& row = kRoles[static_cast<std::size_t>(role)];
  Rights rights;
  if (row.read) rights.insert(Right::read);
  if (row.operate) rights.insert(Right::operate);
  if (row.administer) rights.insert(Right::administer);
  return rights;
}

Result<Role> role_of(std::string_view given) {
  std::vector<std::string_view> names;
  for (const auto& row : kRoles) {
    if (row.name == given) return row.role;
    names.push_back(row.name);
  }
  return unknown("role", given, names);
}

Result<Rights> rights_of(std::string_view given) {
  std::string text(given);
  std::replace(text.begin(), text.end(), ',', ' ');
  Rights rights;
  for (const auto& word : split(text, ' ')) {
    if (word.empty()) continue;
    const auto found = std::find(kRights.begin(), kRights.end(), word);
    if (found == kRights.end()) return unknown("scope", word, kRights);
    rights.insert(static_cast<Right>(found - kRights.begin()));
  }
  if (rights.empty()) return unknown("scope", "", kRights);
  return rights;
}

std::string words(const Rights& rights) {
  std::string text;
  for (const auto right : rights) text += (text.empty() ? "" : " ") + std::string(name(right));
  return text;
}

}  // namespace larmor::accounts
