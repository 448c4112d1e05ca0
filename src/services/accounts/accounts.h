#pragma once
/// Accounts know who may use Larmor: people who sign in with a password, and programs that show a token.
///
/// Owns: users, their sessions, tokens. Never: looks at a study, keeps a password or a secret (only what proves them).
/// Threads: every method may be called from any thread. sign_in and the methods that take a password need 0.1 s and
/// 32 MiB each; few run at once, others wait until their deadline.
/// Failures: `unauthenticated` (wrong, expired, ended), `forbidden` (disabled), `not_found`, `conflict` (the name is
/// taken), `invalid` (names the field), `unavailable` (the store is away, or too many sign in at once).
/// Invariants: a user is disabled, never deleted, so that a name in the log means one person for ever. Whoever is
/// disabled is out at once, whatever was open. Every change is in the event log: account.*, token.*.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/id.h"
#include "base/phi.h"
#include "base/result.h"

namespace larmor::accounts {

enum class Role { reader, operator_, administrator };
/// The scopes of routes (net::Scope) that can be granted.
enum class Right { read, operate, administer };
using Rights = std::set<Right>;

/// A password, or what a session or a token shows. Kept from logs as patient data is: it has no formatter.
using Secret = Phi<std::string>;

using TokenId = Id<struct TokenIdTag>;

struct User {
  std::string name;
  Role role = Role::reader;
  bool disabled = false;
  bool elsewhere = false;  ///< signs in with a provider (OpenID Connect), has no password here
  Time made;
  std::optional<Time> last_sign_in;
};

/// What a change leaves out stays as it is.
struct UserChange {
  std::optional<Role> role;
  std::optional<bool> disabled;
  std::optional<Secret> password;  ///< ends the user's sessions
};

struct Token {
  TokenId id;
  std::string name;  ///< what it is for: "night script"
  Rights rights;
  Time made, expires;
  std::optional<Time> last_used;  ///< to the minute
  bool revoked = false;
};

struct NewToken {
  std::string name;
  Rights rights;
  Duration life{};  ///< up to two years
};

/// Who asks, and what she may.
struct Caller {
  std::string name;          ///< of the user or the token
  std::optional<Role> role;  ///< of a user
  Rights rights;
  std::string key;            ///< tells sessions and tokens apart in the log; proves nothing
  std::optional<Time> until;  ///< the latest end
};

struct SignedIn {
  Secret secret;  ///< goes into the cookie, once; only its digest is kept
  Caller caller;
};

/// The answer to a password: a session, or how long to wait until the next one is looked at.
struct SignIn {
  std::optional<SignedIn> in;
  Duration wait{};
};

struct Credentials {
  std::string name;
  Secret password;
  std::string address;  ///< where from
};

/// Whom a provider vouches for.
struct Visitor {
  std::string subject;  ///< what the provider calls the person, for ever
  std::string name;
  Role role = Role::reader;
  std::string address;
};

class Accounts {
 public:
  virtual ~Accounts() = default;

  /// Must callers say who they are? From the first user on, for ever; or because a provider is set.
  virtual Result<bool> required(const Call&) = 0;

  /// An unknown name takes as long as a wrong password, and is answered the same.
  virtual Result<SignIn> sign_in(const Credentials&, const Call&) = 0;
  virtual Result<Caller> of_session(const Secret&, const Call&) = 0;
  virtual Result<Caller> of_token(const Secret&, const Call&) = 0;
  /// For whoever a provider vouches for: made, or given the role that the provider says now. `conflict` where the name
  /// is another's, `forbidden` where it is disabled.
  virtual Result<SignedIn> sign_in_elsewhere(const Visitor&, const Call&) = 0;
  /// Ending what has ended already is no failure.
  virtual Result<void> sign_out(const Secret& session, const Call&) = 0;
  /// Every session of that user; how many there were.
  virtual Result<int> sign_out_everywhere(const std::string& user, const Call&) = 0;

  virtual Result<std::vector<User>> users(const Call&) = 0;
  virtual Result<void> add_user(const std::string& name, Role, const Secret& password, const Call&) = 0;
  virtual Result<void> change_user(const std::string& name, const UserChange&, const Call&) = 0;
  /// By the user herself, who proves it with the old one; as bounded as sign_in. Ends all her sessions for a new one.
  virtual Result<SignIn> change_password(const Credentials& old, const Secret& fresh, const Call&) = 0;

  virtual Result<std::vector<Token>> tokens(const Call&) = 0;
  /// The secret is shown this once.
  virtual Result<std::pair<Token, Secret>> add_token(const NewToken&, const Call&) = 0;
  virtual Result<void> revoke_token(const TokenId&, const Call&) = 0;
};

}  // namespace larmor::accounts
