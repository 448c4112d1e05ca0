#include "dicom/web/caller.h"

#include "dicom/web/media_type.h"

namespace larmor::dicom {
namespace {

std::string accept_of(const net::Request& r) {
  return lower(r.parameter("accept").value_or(r.header("accept").value_or("*/*")));
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
  const auto accepts = accept_of(r);
  for (const auto member : members(accepts)) {
    const auto range = media_type(member);
    if (range.name.empty()) continue;
    const bool multipart = range.name == "multipart/related";
    const auto type = range.parameter("type");
    all.push_back({multipart,
                   !type.empty() ? type
                   : multipart   ? "*/*"
                                 : range.name,
                   range.parameter("transfer-syntax")});
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
