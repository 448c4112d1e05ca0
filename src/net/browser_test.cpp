#include "net/browser.h"

#include <gtest/gtest.h>

#include "net/test_support.h"

namespace larmor::net {
namespace {

Request asking(Method method, const Headers& headers) {
  Request request;
  request.method = method;
  request.path = request.raw_path = "/v1/studies";
  request.headers = headers;
  return request;
}

bool known(const std::string& host) {
  return check_host(asking(Method::get, {{"host", host}}), {"larmor.example"}).has_value();
}

TEST(Browser, KnowsItsNamesAndEveryAddress) {
  for (const auto* host : {"localhost", "localhost:8480", "LOCALHOST.", "127.0.0.1:8480", "10.0.0.5", "[::1]:8480",
                           "[fe80::1]", "larmor.example", "Larmor.Example:443"})
    EXPECT_TRUE(known(host)) << host;
}

TEST(Browser, RefusesANameThatSomeoneElsePointedHere) {
  for (const auto* host : {"evil.example", "evil.example:8480", "localhost.evil.example", "127.0.0.1.evil.example",
                           "larmor.example.evil.example", "", "[::1", "2130706433.evil", "0x7f.1 "})
    EXPECT_FALSE(known(host)) << host;
  const auto refused = check_host(asking(Method::get, {{"host", "evil.example"}}), {});
  EXPECT_EQ(refused.error().code, Code::forbidden);
  EXPECT_EQ(refused.error().field, "http.hosts");
}

bool ours(Method method, Headers headers) {
  headers.emplace("host", "127.0.0.1:8480");
  return check_origin(asking(method, headers)).has_value();
}

TEST(Browser, LetsItsOwnPagesAndProgramsAsk) {
  for (const auto method : {Method::get, Method::post, Method::del}) {
    EXPECT_TRUE(ours(method, {})) << "curl";
    EXPECT_TRUE(ours(method, {{"sec-fetch-site", "same-origin"}, {"origin", "http://127.0.0.1:8480"}}));
    EXPECT_TRUE(ours(method, {{"sec-fetch-site", "none"}})) << "typed into the address bar";
    EXPECT_TRUE(ours(method, {{"origin", "http://127.0.0.1:8480"}}));
  }
}

TEST(Browser, RefusesOtherSitesWhateverTheySendAlong) {
  for (const auto* site : {"cross-site", "same-site", "nonsense", ""})
    for (const auto method : {Method::get, Method::post, Method::put, Method::del})
      EXPECT_FALSE(ours(method, {{"sec-fetch-site", site}, {"origin", "http://127.0.0.1:8480"}})) << site;
  for (const auto* origin : {"http://evil.example", "null", "", "http://127.0.0.1:8481", "http://127.0.0.1:8480.evil"})
    EXPECT_FALSE(ours(Method::post, {{"origin", origin}})) << origin;
}

TEST(Browser, LetsALinkOfAnotherSiteOpenAPageButNotAFrameAndNotAForm) {
  const Headers link = {{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}};
  auto page = link, frame = link;
  page.emplace("sec-fetch-dest", "document");
  frame.emplace("sec-fetch-dest", "iframe");
  EXPECT_TRUE(ours(Method::get, page));
  EXPECT_FALSE(ours(Method::get, frame));
  EXPECT_FALSE(ours(Method::post, page));
}

/// A server as a laptop has it.
struct Laptop : testing::Running {
  Laptop() : Running(rows()) { router.set_guard(browser_guard({.hosts = {}, .tls = false})); }
  static std::vector<Route> rows() {
    const auto done = [](const Request&) { return testing::say("done"); };
    return {{Method::get, "/page", Scope::open, "", done},
            {Method::get, "/read", Scope::read, "", done},
            {Method::post, "/operate", Scope::operate, "", done},
            {Method::post, "/administer", Scope::administer, "", done},
            {Method::post, "/peer", Scope::peer, "", done}};
  }
  std::string ask(const std::string& line, const std::string& headers) {
    testing::Raw raw(server->port());
    raw.send(line + " HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n" + headers + "\r\n");
    return raw.read_to_end();
  }
  std::string status(const std::string& line, const std::string& headers) { return ask(line, headers).substr(9, 3); }
};

TEST(Browser, NobodyNeedsAnAccountOnALaptop) {
  Laptop laptop;
  const std::string host = "host: localhost:1\r\n";
  for (const auto* line : {"GET /page", "GET /read", "POST /operate", "POST /administer"})
    EXPECT_EQ(laptop.status(line, host), "200") << line;
  EXPECT_EQ(laptop.status("POST /peer", host), "403");
}

TEST(Browser, ARequestFromAnotherSiteHasNoEffectHere) {
  Laptop laptop;
  EXPECT_EQ(laptop.status("POST /operate", "host: localhost\r\norigin: http://evil.example\r\n"), "403");
  EXPECT_EQ(laptop.status("GET /read", "host: localhost\r\nsec-fetch-site: cross-site\r\n"), "403");
  EXPECT_EQ(laptop.status("GET /page", "host: localhost\r\nsec-fetch-site: cross-site\r\n"), "200");
  EXPECT_EQ(laptop.status("GET /read", "host: evil.example\r\n"), "403");
  EXPECT_EQ(laptop.status("GET /page", "host: evil.example\r\n"), "403");
  EXPECT_EQ(laptop.status("GET /read", "host: localhost\r\nhost: evil.example\r\n"), "400");
}

TEST(Browser, EveryAnswerForbidsWhatABrowserShouldNotDoWithIt) {
  Laptop laptop;
  for (const auto* line : {"GET /read", "GET /nothing", "DELETE /read", "POST /peer"}) {
    const auto answer = laptop.ask(line, "host: localhost\r\n");
    for (const auto* header : {"script-src 'none'", "frame-ancestors 'self'", "x-content-type-options: nosniff",
                               "referrer-policy: same-origin", "cross-origin-resource-policy: same-origin",
                               "cross-origin-opener-policy: same-origin"})
      EXPECT_NE(answer.find(header), std::string::npos) << line << ": " << header;
    EXPECT_EQ(answer.find("strict-transport-security"), std::string::npos) << "without TLS";
  }
  Response secure;
  add_security_headers(secure, true);
  EXPECT_EQ(secure.headers.count("strict-transport-security"), 1u);
}

}  // namespace
}  // namespace larmor::net
