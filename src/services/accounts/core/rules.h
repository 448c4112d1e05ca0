#pragma once
/// What a name and a password must be like, and how long a session lives. Pure.
#include "services/accounts/accounts.h"

namespace larmor::accounts {

/// 1 to 64 of a-z, A-Z, 0-9 and . _ - @, so that a name is the same in the log, in an address and on a terminal.
Result<void> check_name(const std::string& name);

/// 12 to 1024 bytes, and not built on the user's name. Length is what counts, not kinds of characters (NIST SP 800-63B,
/// section 5.1.1.2).
Result<void> check_password(const std::string& user, const Secret& password);

Result<void> check_token(const NewToken&);

struct SessionPolicy {
  Duration idle{1h};   ///< ends after so long without a request
  Duration most{12h};  ///< and after this in any case
};

/// When a session that was made and last used then ends, if nothing more is asked.
Time end_of(const SessionPolicy&, Time made, Time used);

}  // namespace larmor::accounts
