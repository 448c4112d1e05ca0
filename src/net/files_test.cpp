#include "net/files.h"

#include "net/test_support.h"

namespace larmor::net {
namespace {
using namespace testing;

/// A web application as a build leaves it, and a secret beside it.
struct Built {
  Built() {
    std::filesystem::create_directories(root / "assets");
    put("index.html", "<!doctype html><title>Larmor</title>");
    put("assets/main-Bq3kz8_A.js", std::string(50'000, 'x'));
    put("icon.svg", "<svg/>");
    put("../secret.txt", "secret");
    std::filesystem::create_symlink(directory.path() / "secret.txt", root / "link.txt");
  }
  void put(const std::string& name, const std::string& text) { EXPECT_TRUE(write_file_durably(root / name, text)); }

  Scratch directory;
  std::filesystem::path root = directory.path() / "dist";
};

struct Served {
  Built built;
  Running running{
      {site_route({built.root}), route(Method::get, "/v1/version", [](const Request&) { return say("1"); })}};

  std::string get(const std::string& target, const std::string& headers = {}) const {
    Raw raw(running.server->port());
    raw.send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n");
    return raw.read_to_end();
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Site, ServesItsFirstPageWithSecurityHeaders) {
  const Served served;
  const auto page = served.get("/");
  EXPECT_TRUE(has(page, "HTTP/1.1 200 OK")) << page;
  EXPECT_TRUE(has(page, "content-type: text/html"));
  EXPECT_TRUE(has(page, "default-src 'self'"));
  EXPECT_TRUE(has(page, "frame-ancestors 'self'"));
  EXPECT_TRUE(has(page, "x-content-type-options: nosniff"));
  EXPECT_TRUE(has(page, "cache-control: no-cache"));
}

TEST(Site, AnswersAddressesOfPagesWithTheFirstPageAndNothingElse) {
  const Served served;
  EXPECT_TRUE(has(served.get("/studies/1.2.840.113619"), "<title>Larmor"));
  EXPECT_TRUE(has(served.get("/assets/gone-12345678.js"), "404"));
  EXPECT_TRUE(has(served.get("/v1/unknown"), "application/problem+json"));
  EXPECT_TRUE(has(served.get("/v1"), "404"));
  EXPECT_TRUE(has(served.get("/v1/version"), "200 OK"));
}

TEST(Site, KeepsAssetsForEverAndRevalidatesTheRest) {
  const Served served;
  const auto asset = served.get("/assets/main-Bq3kz8_A.js");
  EXPECT_TRUE(has(asset, "immutable")) << asset.substr(0, 500);
  EXPECT_TRUE(has(asset, "content-type: text/javascript"));
  const auto icon = served.get("/icon.svg");
  EXPECT_FALSE(has(icon, "immutable"));
  const auto at = icon.find("etag: ") + 6;
  const auto etag = icon.substr(at, icon.find("\r\n", at) - at);
  EXPECT_TRUE(has(served.get("/icon.svg", "If-None-Match: " + etag + "\r\n"), "HTTP/1.1 304"));
  EXPECT_TRUE(has(served.get("/icon.svg", "If-None-Match: \"other\"\r\n"), "HTTP/1.1 200"));
}

TEST(Site, NeverLeavesItsDirectory) {
  const Served served;
  for (const auto* target :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/..%5csecret.txt", "//secret.txt", "/link.txt",
        "/.%2e/secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/etc/passwd", "//etc/passwd"}) {
    const auto answer = served.get(target);
    EXPECT_FALSE(has(answer, "secret")) << target;
    EXPECT_FALSE(has(answer, "root:")) << target;
  }
  const auto curl = shell("curl -sS -m 5 --path-as-is " + served.running.base() + "/../secret.txt");
  EXPECT_FALSE(has(curl, "secret\n")) << curl;
}

TEST(Site, SendsTextSmallToThoseWhoAcceptIt) {
  const Served served;
  const auto small = served.get("/assets/main-Bq3kz8_A.js", "Accept-Encoding: br, gzip\r\n");
  EXPECT_TRUE(has(small, "content-encoding: gzip"));
  EXPECT_LT(small.size(), 2000u);
  for (const auto* refused : {"gzip;q=0", "*, gzip;q=0", "identity"})
    EXPECT_FALSE(has(served.get("/assets/main-Bq3kz8_A.js", fmt::format("Accept-Encoding: {}\r\n", refused)),
                     "content-encoding"))
        << refused;
  const auto curl = shell("curl -sS -m 5 --compressed " + served.running.base() + "/assets/main-Bq3kz8_A.js | wc -c");
  EXPECT_TRUE(has(curl, "50000")) << curl;
}

TEST(Site, LiesBelowItsAddressWithAPolicyOfItsOwn) {
  const Built outer, inner;
  const Running running{
      {site_route({.root = outer.root}),
       site_route({.root = inner.root, .at = "/ohif/", .content_security_policy = "script-src 'self'"})}};
  const auto get = [&](const std::string& target) {
    Raw raw(running.server->port());
    raw.send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return raw.read_to_end();
  };
  EXPECT_TRUE(has(get("/ohif/icon.svg"), "content-security-policy: script-src 'self'\r\n"));
  EXPECT_TRUE(has(get("/ohif/viewer?StudyInstanceUIDs=1.2"), "<title>Larmor"));
  EXPECT_TRUE(has(get("/ohif/"), "content-security-policy: script-src 'self'\r\n"));
  EXPECT_TRUE(has(get("/icon.svg"), "default-src 'self'"));
}

TEST(Site, SaysThatItIsNotThere) {
  const Running running({site_route({"absent"})});
  EXPECT_TRUE(has(shell("curl -sS -m 5 " + running.base() + "/"), "not there"));
}

TEST(File, SendsTheRangeAskedFor) {
  const Built built;
  const auto path = built.root / "numbers.dcm";
  ASSERT_TRUE(write_file_durably(path, "0123456789"));
  const Running running({route(Method::get, "/file", [&](const Request& r) { return file_response(r, path); })});
  const auto part = shell("curl -sS -m 5 -i -r 2-4 " + running.base() + "/file");
  EXPECT_TRUE(has(part, "206 Partial Content") && has(part, "content-range: bytes 2-4/10") && has(part, "\r\n\r\n234"))
      << part;
  EXPECT_TRUE(has(shell("curl -sS -m 5 -r -3 " + running.base() + "/file"), "789"));
  const auto outside = shell("curl -sS -m 5 -i -r 20- " + running.base() + "/file");
  EXPECT_TRUE(has(outside, "416") && has(outside, "bytes */10")) << outside;
  EXPECT_TRUE(has(shell("curl -sS -m 5 -i " + running.base() + "/file"), "application/dicom"));
}

TEST(Json, ArrivesSmallWhereCurlAsksForIt) {
  const Running running({route(Method::get, "/list", [](const Request&) -> Result<Response> {
    return json_response(Json(std::vector<std::string>(1000, "the same again")));
  })});
  const auto size = [&](const std::string& option) {
    return std::stoi(
        shell("curl -sS -m 5 " + option + " -o /dev/null -w '%{size_download}' " + running.base() + "/list"));
  };
  EXPECT_GT(size(""), 15'000);
  EXPECT_LT(size("--compressed"), 1'000);
}

TEST(Json, HasAWeakTagWhereItWasMadeSmall) {
  const Running running({route(Method::get, "/list", [](const Request&) -> Result<Response> {
    auto response = json_response(Json(std::vector<std::string>(1000, "the same again")));
    response.headers.emplace("etag", "\"one\"");
    return response;
  })});
  const auto tag = [&](const std::string& option) {
    return shell("curl -sS -m 5 " + option + " -o /dev/null -w '%header{etag}' " + running.base() + "/list");
  };
  EXPECT_TRUE(tag("").starts_with("\"one\""));
  EXPECT_TRUE(tag("--compressed").starts_with("W/\"one\""));
}

}  // namespace
}  // namespace larmor::net
