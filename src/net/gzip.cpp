#include "net/gzip.h"

#include <zlib.h>

#include "base/text.h"

namespace larmor::net {
namespace {

constexpr std::size_t kWorthIt = 1024;
constexpr int kFast =
    1;  // JSON shrinks five-fold already; higher levels cost more time than they save on a hospital's network

}  // namespace

std::string gzip(std::string_view text, int level) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 more asks for the gzip wrapper
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(done ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

bool accepts_gzip(const Request& request) {
  const auto accepted = request.header("accept-encoding").value_or("");
  bool any = false;
  for (const auto& item : split(accepted, ',')) {
    const auto parts = split(item, ';');
    const auto coding = trim(parts.front());
    if (coding != "gzip" && coding != "*") continue;
    const auto quality = parts.size() > 1 ? std::string(trim(parts[1])) : std::string("q=1");
    any = quality.find_first_of("123456789") != std::string::npos;
    if (coding == "gzip") break;  // its own word counts more than that for all others
  }
  return any;
}

bool is_compressible(std::string_view type) {
  type = type.substr(0, type.find(';'));
  for (const auto* known : {"application/json", "application/problem+json", "application/dicom+json",
                            "application/javascript", "application/manifest+json", "image/svg+xml"})
    if (type == known) return true;
  return type.substr(0, 5) == "text/" && type != "text/event-stream";
}

void compress(const Request& request, Response& response) {
  const auto type = response.headers.find("content-type");
  if (type == response.headers.end() || response.body.size() <= kWorthIt || !is_compressible(type->second) ||
      response.headers.count("content-encoding") > 0 || response.headers.count("content-range") > 0)
    return;
  response.headers.emplace("vary", "accept-encoding");
  if (!accepts_gzip(request)) return;
  auto small = gzip(response.body, kFast);
  if (small.empty() || small.size() >= response.body.size()) return;
  response.body = std::move(small);
  response.headers.emplace("content-encoding", "gzip");
  // The same value in other bytes (RFC 9110 section 8.8.1).
  if (const auto tag = response.headers.find("etag"); tag != response.headers.end() && tag->second.starts_with('"'))
    tag->second.insert(0, "W/");
}

}  // namespace larmor::net
