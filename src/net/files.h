#pragma once
/// Files as answers: one file with ranges and entity tags, and the web application as a route.
///
/// Thread safe. Nothing outside the given directory is ever served: not by `..`, not encoded, not through a symbolic
/// link.
#include <filesystem>

#include "net/http.h"

namespace larmor::net {

/// Reads `count` bytes of a file from `first`.
Result<std::shared_ptr<ByteSource>> file_source(const std::filesystem::path&, ByteRange);

/// The file with Content-Type (by its name where none is given), ETag, If-None-Match and Range.
Result<Response> file_response(const Request&, const std::filesystem::path&, std::string content_type = {});

/// By the name's ending; application/octet-stream for an unknown one.
std::string content_type_of(const std::filesystem::path&);

struct Site {
  std::filesystem::path root;
  std::string at = "/";  ///< the address that its files lie below, with a slash at its end
  /// Addresses below these are never answered with the application's first page.
  std::vector<std::string> api = {"/v1/", "/openapi.json"};
  std::string content_security_policy =
      "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
      "worker-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
      "frame-ancestors 'self'";
};

/// `GET AT{file...}`: files of the site, and its index.html for addresses of pages (no file, no ending of a file).
/// Assets with a hash in their name are immutable; all else is revalidated each time.
Route site_route(Site);

}  // namespace larmor::net
