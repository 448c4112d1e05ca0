#include "services/accounts/rest/routes.h"

#include "base/log.h"
#include "services/accounts/rest/caller.h"
#include "services/accounts/rest/codec.h"

namespace larmor::accounts {
namespace {

constexpr std::size_t kLargestBody = 16u << 10;

/// What the handlers need: the service, and how the cookie is written.
struct Door {
  Accounts& accounts;
  bool tls;
  Elsewhere elsewhere;
  bool secure(const net::Request& request) const { return over_tls(request, tls); }
};

net::Response with_cookie(net::Response response, const std::string& cookie) {
  response.headers.emplace("set-cookie", cookie);
  response.headers.emplace("cache-control", "no-store");
  return response;
}

Result<net::Response> show_session(const Door& door, const net::Request& request) {
  const bool required = TRY(door.accounts.required(request.call()));
  auto caller = caller_of(door.accounts, request, door.secure(request));
  if (!caller && caller.error().code != Code::unauthenticated) return fail_with(caller.error());
  auto response = net::json_response(
      to_json(caller ? std::optional(std::move(*caller)) : std::nullopt, required, door.elsewhere.title));
  response.headers.emplace("cache-control", "no-store");
  return response;
}

net::Response wait_first(Duration wait) {
  const auto s = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  auto response = net::problem({Code::unauthenticated, fmt::format("too many wrong passwords: wait {} s", s),
                                "Each further wrong one makes the wait longer.", ""},
                               429);
  response.headers.emplace("retry-after", std::to_string(s));
  return response;
}

net::Response answer(const Door& door, const net::Request& request, SignIn signed_in) {
  if (!signed_in.in) return wait_first(signed_in.wait);
  const auto life = signed_in.in->caller.until.value_or(Time{}) - system_clock().now();
  return with_cookie(net::json_response(to_json(std::optional(signed_in.in->caller), true)),
                     session_cookie(signed_in.in->secret, life, door.secure(request)));
}

Result<net::Response> sign_in(const Door& door, const net::Request& request) {
  auto credentials = TRY(credentials_from_json(TRY(request.json(kLargestBody))));
  credentials.address = request.remote_address;
  auto signed_in = TRY(door.accounts.sign_in(credentials, request.call()));
  if (const auto before = session_of(request, door.secure(request)); before && signed_in.in)
    CHECK_OK(door.accounts.sign_out(*before, request.call()));
  return answer(door, request, std::move(signed_in));
}

Result<net::Response> sign_out(const Door& door, const net::Request& request) {
  const bool secure = door.secure(request);
  if (const auto session = session_of(request, secure)) CHECK_OK(door.accounts.sign_out(*session, request.call()));
  return with_cookie(net::no_content(), no_session_cookie(secure));
}

Result<net::Response> sign_out_everywhere(const Door& door, const net::Request& request) {
  const bool secure = door.secure(request);
  const auto session = session_of(request, secure);
  if (!session) return fail(Code::unauthenticated, "nobody is signed in here");
  const auto caller = TRY(door.accounts.of_session(*session, request.call()));
  CHECK_OK(door.accounts.sign_out_everywhere(caller.name, request.call()));
  return with_cookie(net::no_content(), no_session_cookie(secure));
}

Result<net::Response> change_password(const Door& door, const net::Request& request) {
  const auto session = session_of(request, door.secure(request));
  if (!session) return fail(Code::unauthenticated, "nobody is signed in here");
  const auto caller = TRY(door.accounts.of_session(*session, request.call()));
  const auto wanted = TRY(new_password_from_json(TRY(request.json(kLargestBody))));
  auto changed =
      door.accounts.change_password({caller.name, wanted.old, request.remote_address}, wanted.fresh, request.call());
  if (!changed &&
      changed.error().code == Code::unauthenticated)  // the session is well: 401 would end it in the browser
    return fail_with({Code::forbidden, "the old password is wrong", "", "/old"});
  return answer(door, request, TRY(std::move(changed)));
}

/// Only a path of ours: neither another site nor, by a second slash or a backslash, what a browser takes for one.
bool is_own_path(const std::string& path) {
  return path.starts_with('/') && !path.starts_with("//") && path.size() < 2000 &&
         path.find_first_of("\\\r\n\t") == std::string::npos;
}

Result<net::Response> set_out(const Door& door, const net::Request& request) {
  if (!door.elsewhere.provider)
    return fail_with({Code::not_found, "no provider is set here", "accounts.oidc.issuer names one.", ""});
  const auto back_to = TRY(member<std::string>(TRY(request.json(kLargestBody)), "back_to"));
  if (!is_own_path(back_to)) return fail_with({Code::invalid, "the way back is no path of ours", "", "/back_to"});
  const auto departure = TRY(door.elsewhere.provider->set_out(back_to, request.call()));
  return with_cookie(net::json_response({{"address", departure.address}}, 201),
                     journey_cookie(departure.binding, door.secure(request)));
}

net::Response see(const std::string& path) {
  net::Response response;
  response.status = 303;
  response.headers.emplace("location", path);
  response.headers.emplace("cache-control", "no-store");
  return response;
}

Result<std::pair<SignedIn, std::string>> arrive(const Door& door, const net::Request& request) {
  const auto binding = journey_of(request, door.secure(request));
  const auto code = request.parameter("code"), state = request.parameter("state");
  if (!binding || !code || !state)
    return fail(Code::unauthenticated, "the provider sent somebody back without a code, or another browser");
  const auto arrival = TRY(door.elsewhere.provider->come_back(*code, *state, *binding, request.call()));
  auto in = TRY(door.accounts.sign_in_elsewhere({arrival.subject, arrival.name, arrival.role, request.remote_address},
                                                request.call()));
  return std::pair(std::move(in), arrival.back_to);
}

/// A browser stands here, not a program: what went wrong is said on the sign-in page, in the page's own words.
Result<net::Response> come_back(const Door& door, const net::Request& request) {
  auto arrived = arrive(door, request);
  if (!arrived) {
    log::warn("accounts", "a sign-in with the provider failed: {}", to_string(arrived.error()));
    return see(fmt::format("/#refused-{}", row(arrived.error().code).name));
  }
  const auto& [in, back_to] = *arrived;
  const auto life = in.caller.until.value_or(Time{}) - system_clock().now();
  auto response = see(back_to);
  response.headers.emplace("set-cookie", session_cookie(in.secret, life, door.secure(request)));
  return response;
}

template <class Items>
net::Response list_of(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return net::json_response({{"items", std::move(list)}, {"next", ""}});
}

Result<net::Response> list_users(const Door& door, const net::Request& request) {
  return list_of(TRY(door.accounts.users(request.call())));
}

Result<net::Response> add_user(const Door& door, const net::Request& request) {
  const auto user = TRY(new_user_from_json(TRY(request.json(kLargestBody))));
  CHECK_OK(door.accounts.add_user(user.name, user.role, user.password, request.call()));
  auto response = net::no_content();
  response.headers.emplace("location", "/v1/users/" + net::encode(user.name));
  return response;
}

Result<net::Response> change_user(const Door& door, const net::Request& request) {
  const auto change = TRY(user_change_from_json(TRY(request.json(kLargestBody))));
  const auto name = request.capture("user");
  const bool own = !request.caller.empty() && name == request.caller;
  if (own && (change.disabled.value_or(false) || change.role))
    return fail_with({Code::conflict, "nobody takes the own rights away", "Another administrator can.", ""});
  CHECK_OK(door.accounts.change_user(name, change, request.call()));
  return net::no_content();
}

Result<net::Response> end_sessions(const Door& door, const net::Request& request) {
  CHECK_OK(door.accounts.sign_out_everywhere(request.capture("user"), request.call()));
  return net::no_content();
}

Result<net::Response> list_tokens(const Door& door, const net::Request& request) {
  return list_of(TRY(door.accounts.tokens(request.call())));
}

Result<net::Response> add_token(const Door& door, const net::Request& request) {
  const auto [token, secret] =
      TRY(door.accounts.add_token(TRY(new_token_from_json(TRY(request.json(kLargestBody)))), request.call()));
  auto made = to_json(token);
  made["secret"] = secret.reveal();
  auto response = net::created("/v1/tokens/" + token.id.str(), made);
  response.headers.emplace("cache-control", "no-store");
  return response;
}

Result<net::Response> revoke_token(const Door& door, const net::Request& request) {
  CHECK_OK(door.accounts.revoke_token(TokenId(request.capture("token")), request.call()));
  return net::no_content();
}

}  // namespace

std::vector<net::Route> routes(Accounts& accounts, bool tls, const Elsewhere& elsewhere) {
  using enum net::Method;
  using net::Scope;
  const auto with = [door = Door{accounts, tls, elsewhere}](auto handler) {
    return [door, handler](const net::Request& request) { return handler(door, request); };
  };
  std::vector<net::Route> rows = {
      {get, "/v1/session", Scope::open, "Who is signed in here, what she may, and whether one must be",
       with(show_session), "session"},
      {post, "/v1/session", Scope::open, "Sign in with a name and a password; 429 with Retry-After after wrong ones",
       with(sign_in), "session", "credentials"},
      {del, "/v1/session", Scope::open, "Sign out", with(sign_out), "", "", 204},
      {del, "/v1/sessions", Scope::read, "Sign out everywhere", with(sign_out_everywhere), "", "", 204},
      {put, "/v1/session/password", Scope::read, "Change one's own password; ends all other sessions",
       with(change_password), "session", "new_password"},
      {get, "/v1/users", Scope::administer, "Who may sign in, and as what", with(list_users), "user_list"},
      {post, "/v1/users", Scope::administer, "Add a user", with(add_user), "", "new_user", 204},
      {patch, "/v1/users/{user}", Scope::administer, "Change a user's role or password, disable or enable",
       with(change_user), "", "user_change", 204},
      {del, "/v1/users/{user}/sessions", Scope::administer, "Sign a user out everywhere", with(end_sessions), "", "",
       204},
      {get, "/v1/tokens", Scope::administer, "Tokens of programs, without their secrets", with(list_tokens),
       "token_list"},
      {post, "/v1/tokens", Scope::administer, "Make a token; its secret is shown this once", with(add_token),
       "made_token", "new_token", 201},
      {del, "/v1/tokens/{token}", Scope::administer, "Revoke a token", with(revoke_token), "", "", 204},
      {post, "/v1/session/journeys", Scope::open, "Set out to sign in with the provider: its address for the browser",
       with(set_out), "departure", "new_departure", 201},
  };
  // Not for programs, and a provider may add what it likes to the query.
  if (elsewhere.provider)
    rows.push_back(
        {get, std::string(kReturnPath) + "/{rest...}", Scope::open, "Back from the provider", with(come_back)});
  return rows;
}

}  // namespace larmor::accounts
