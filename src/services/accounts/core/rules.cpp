#include "services/accounts/core/rules.h"

#include <algorithm>

namespace larmor::accounts {
namespace {

constexpr std::size_t kLongestName = 64, kShortestPassword = 12, kLongestPassword = 1024;
constexpr Duration kLongestToken = std::chrono::days(2 * 366);

bool fits_in_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-' || c == '@';
}

}  // namespace

Result<void> check_name(const std::string& name) {
  if (!name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), fits_in_a_name)) return {};
  return fail_with({Code::invalid, fmt::format("'{}' is no name for a user", name.substr(0, kLongestName)),
                    "1 to 64 letters, digits and . _ - @", "/name"});
}

Result<void> check_password(const std::string& user, const Secret& password) {
  const auto wrong = [](std::string what, std::string hint) {
    return fail_with({Code::invalid, std::move(what), std::move(hint), "/password"});
  };
  const auto& text = password.reveal();
  if (text.size() < kShortestPassword)
    return wrong(fmt::format("the password has fewer than {} characters", kShortestPassword),
                 "Take a few words that nobody else would put together.");
  if (text.size() > kLongestPassword) return wrong(fmt::format("the password is longer than {}", kLongestPassword), "");
  if (user.size() >= 4 && text.find(user) != std::string::npos && text.size() < user.size() + kShortestPassword)
    return wrong("the password is little more than the user's name", "Take a few words without it.");
  if (std::all_of(text.begin(), text.end(), [&](char c) { return c == text.front(); }))
    return wrong("the password is one character again and again", "Take a few words.");
  return {};
}

Result<void> check_token(const NewToken& token) {
  if (token.name.empty() || token.name.size() > 100)
    return fail_with({Code::invalid, "a token needs a name of 1 to 100 characters", "Say what it is for.", "/name"});
  if (token.rights.empty())
    return fail_with({Code::invalid, "a token needs a scope", "read, operate, administer", "/scopes"});
  if (token.life <= 0s || token.life > kLongestToken)
    return fail_with({Code::invalid, "a token lives at most two years", "Make a new one before it ends.", "/days"});
  return {};
}

Time end_of(const SessionPolicy& policy, Time made, Time used) {
  return std::min(made + policy.most, used + policy.idle);
}

}  // namespace larmor::accounts
