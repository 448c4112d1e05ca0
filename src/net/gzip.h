#pragma once
/// Smaller answers for callers who accept them (RFC 9110 section 12.5.3, RFC 1952).
#include "net/http.h"

namespace larmor::net {

std::string gzip(std::string_view, int level);
bool accepts_gzip(const Request&);
/// Worth it for this media type: text, not images or archives.
bool is_compressible(std::string_view content_type);
/// Replaces a body of more than 1 KiB by its gzip form where type and caller allow it, and says so in the headers.
void compress(const Request&, Response&);

}  // namespace larmor::net
