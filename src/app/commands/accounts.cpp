/// `larmor users` and `larmor tokens`, on the data directory itself.
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "app/commands.h"
#include "app/plan.h"
#include "app/table.h"
#include "services/accounts/core/roles.h"
#include "services/accounts/make.h"
#include "services/accounts/rest/codec.h"

namespace larmor::app {
namespace {

constexpr std::size_t kLongestLine = 4096;

Result<std::unique_ptr<accounts::Accounts>> accounts_of(const ConfigSource& config) {
  const auto plan = TRY(plan_of(config));
  return accounts::make(plan.data / "accounts", plan.settings, nullptr, plan.clock);
}

/// What is typed does not show until the end of the scope.
class Unseen {
 public:
  Unseen() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  Unseen(const Unseen&) = delete;
  ~Unseen() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool changed_ = false;
};

Result<std::string> line() {
  std::string text;
  for (int c; (c = std::getchar()) != EOF && c != '\n';) {
    text += static_cast<char>(c);
    if (text.size() > kLongestLine) return fail(Code::too_large, "the password is longer than {} bytes", kLongestLine);
  }
  return text;
}

/// Twice from a terminal; the first line of what a program sends otherwise. Never an argument: others see those.
Result<accounts::Secret> ask_password(const std::string& user) {
  if (::isatty(STDIN_FILENO) == 0) return accounts::Secret(TRY(line()));
  const auto ask = [](const std::string& prompt) {
    fmt::print(stderr, "{}: ", prompt);
    const Unseen unseen;
    auto typed = line();
    fmt::print(stderr, "\n");
    return typed;
  };
  auto first = TRY(ask(fmt::format("Password of {} (12 characters or more)", user)));
  if (TRY(ask("Once more")) != first) return fail_with({Code::invalid, "the two passwords differ", "Try again.", ""});
  return accounts::Secret(std::move(first));
}

Result<int> change(const UsersArguments& a, const accounts::UserChange& change, const std::string& words) {
  CHECK_OK(TRY(accounts_of(a.config))->change_user(a.name, change, Call()));
  fmt::print(stderr, "{}\n", words);
  return 0;
}

void print_json(const Json& value) {
  fmt::print("{}\n", value.dump(2, ' ', false, Json::error_handler_t::replace));
}

template <class Items>
Json list_of(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(accounts::to_json(item));
  return {{"items", std::move(list)}};
}

std::string day(const std::optional<Time>& time, std::string otherwise) {
  return time ? to_rfc3339(*time).substr(0, 16) : std::move(otherwise);
}

}  // namespace

Result<int> users_list(const UsersArguments& a) {
  const auto users = TRY(TRY(accounts_of(a.config))->users(Call()));
  if (a.json) return print_json(list_of(users)), 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& u : users)
    rows.push_back({u.name, std::string(accounts::name(u.role)), day(u.last_sign_in, "never"),
                    u.disabled    ? "disabled"
                    : u.elsewhere ? "signs in with the provider"
                                  : ""});
  if (rows.empty())
    fmt::print(stderr, "No users: nobody needs to sign in. larmor users add NAME --role administrator\n");
  else
    print_table({"NAME", "ROLE", "LAST SIGN-IN (UTC)", ""}, rows);
  return 0;
}

Result<int> users_add(const UsersArguments& a) {
  const auto role = TRY(accounts::role_of(a.role));
  const auto accounts = TRY(accounts_of(a.config));
  const bool first = !TRY(accounts->required(Call()));
  CHECK_OK(accounts->add_user(a.name, role, TRY(ask_password(a.name)), Call()));
  fmt::print(stderr, "{} may sign in as {}.{}\n", a.name, a.role, first ? " From now on everybody must." : "");
  return 0;
}

Result<int> users_role(const UsersArguments& a) {
  return change(a, {.role = TRY(accounts::role_of(a.role)), .disabled = {}, .password = {}},
                fmt::format("{} is {} now.", a.name, a.role));
}

Result<int> users_password(const UsersArguments& a) {
  return change(a, {.role = {}, .disabled = {}, .password = TRY(ask_password(a.name))},
                fmt::format("{} has a new password; the old sessions have ended.", a.name));
}

Result<int> users_disable(const UsersArguments& a) {
  return change(a, {.role = {}, .disabled = true, .password = {}}, fmt::format("{} may not sign in any more.", a.name));
}

Result<int> users_enable(const UsersArguments& a) {
  return change(a, {.role = {}, .disabled = false, .password = {}}, fmt::format("{} may sign in again.", a.name));
}

Result<int> tokens_list(const TokensArguments& a) {
  const auto tokens = TRY(TRY(accounts_of(a.config))->tokens(Call()));
  if (a.json) return print_json(list_of(tokens)), 0;
  std::vector<std::vector<std::string>> rows;
  const auto now = system_clock().now();
  for (const auto& t : tokens)
    rows.push_back({t.id.str(), accounts::words(t.rights), day(t.expires, ""), day(t.last_used, "never"),
                    t.name + (t.revoked          ? " (revoked)"
                              : now >= t.expires ? " (ended)"
                                                 : "")});
  if (rows.empty())
    fmt::print(stderr, "No tokens. larmor tokens add NAME makes one.\n");
  else
    print_table({"TOKEN", "SCOPES", "ENDS (UTC)", "LAST USED (UTC)", "NAME"}, rows);
  return 0;
}

Result<int> tokens_add(const TokensArguments& a) {
  accounts::NewToken wanted{a.name, {}, std::chrono::days(a.days)};
  for (const auto& scope : a.scopes) wanted.rights.merge(TRY(accounts::rights_of(scope)));
  if (wanted.rights.empty()) wanted.rights = {accounts::Right::read};
  const auto [token, secret] = TRY(TRY(accounts_of(a.config))->add_token(wanted, Call()));
  fmt::print(stderr, "Token {} ({}) is good until {}. It is shown this once:\n", token.id,
             accounts::words(token.rights), to_rfc3339(token.expires).substr(0, 16));
  fmt::print("{}\n", secret.reveal());
  return 0;
}

Result<int> tokens_revoke(const TokensArguments& a) {
  CHECK_OK(TRY(accounts_of(a.config))->revoke_token(accounts::TokenId(a.id), Call()));
  fmt::print(stderr, "Token {} is good no more.\n", a.id);
  return 0;
}

}  // namespace larmor::app
