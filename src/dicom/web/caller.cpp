#include "dicom/web/caller.h"

#include <algorithm>

namespace larmor::dicom {
namespace {

/// Splits at a letter that stands outside of quotes, and trims blanks and quotes away.
std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> pieces(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == at && !quoted)
      pieces.emplace_back();
    else if (c != ' ' && c != '\t')
      pieces.back() += c;
  }
  return pieces;
}

std::string value_of(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::string accept_of(const net::Request& r) {
  auto header = r.parameter("accept").value_or(r.header("accept").value_or("*/*"));
  std::transform(header.begin(), header.end(), header.begin(), [](unsigned char c) { return std::tolower(c); });
  return header;
}

}  // namespace

std::string root_of(const net::Request& r) {
  const auto host = r.header("host");
  return host ? fmt::format("{}://{}/dicom-web", r.header("x-forwarded-proto").value_or("http"), *host) : "/dicom-web";
}

bool Accepted::takes(std::string_view media_type) const {
  return type == "*/*" || type == media_type || type == fmt::format("{}/*", media_type.substr(0, media_type.find('/')));
}

std::vector<Accepted> accepted(const net::Request& r) {
  std::vector<Accepted> all;
  for (const auto& range : split(accept_of(r), ',')) {
    const auto pieces = split(range, ';');
    if (pieces[0].empty()) continue;
    Accepted one{pieces[0] == "multipart/related", pieces[0], ""};
    if (one.multipart) one.type = "*/*";
    for (const auto& piece : pieces) {
      if (piece.starts_with("type=")) one.type = value_of(std::string_view(piece).substr(5));
      if (piece.starts_with("transfer-syntax=")) one.syntax = value_of(std::string_view(piece).substr(16));
    }
    all.push_back(std::move(one));
  }
  if (all.empty()) all.push_back({false, "*/*", ""});
  return all;
}

Result<bool> wants_xml(const net::Request& r) {
  const auto accepts = accept_of(r);
  if (accepts.empty()) return false;
  for (const auto json :
       {kJson, std::string_view("application/json"), std::string_view("*/*"), std::string_view("application/*")})
    if (accepts.find(json) != std::string::npos) return false;
  if (accepts.find(kXml) != std::string::npos || accepts.find("multipart/related") != std::string::npos) return true;
  return fail_with({Code::unsupported, fmt::format("'{}' is nothing that attributes are written in", accepts),
                    fmt::format("Accept {} or multipart/related; type=\"{}\".", kJson, kXml), "accept"});
}

Result<net::Response> dicom_web_answer(Result<net::Response> answered) {
  if (answered || (answered.error().code != Code::invalid && answered.error().code != Code::unsupported))
    return answered;
  return net::problem(answered.error(), answered.error().code == Code::invalid ? 400 : 406);
}

}  // namespace larmor::dicom
