#include "dicom/web/caller.h"

#include <algorithm>

#include "base/number.h"
#include "dicom/web/media_type.h"

namespace larmor::dicom {

const net::Text kAccept("accept", "Instead of the header Accept");

namespace {

std::string accept_of(const net::Request& r) {
  if (const auto asked = r.parameter(kAccept.name)) return lower(*asked);
  std::string list;  // several lines are one list (RFC 9110 section 5.3)
  const auto [from, to] = r.headers.equal_range("accept");
  for (auto line = from; line != to; ++line) list += (list.empty() ? "" : ",") + lower(line->second);
  return list;
}

/// The plus of "application/dicom+json" is a blank in an address.
std::string with_plus(std::string type) {
  std::replace(type.begin(), type.end(), ' ', '+');
  return type;
}

/// 0 for what is not wanted (RFC 9110 section 12.4.2).
double weight_of(const MediaType& range) {
  return to_number<double>(range.parameter("q")).value_or(1);
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
  auto accepts = accept_of(r);
  if (accepts.empty()) accepts = "*/*";
  std::vector<MediaType> ranges;
  for (const auto member : members(accepts))
    if (auto range = media_type(member); !range.name.empty() && weight_of(range) > 0)
      ranges.push_back(std::move(range));
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const auto& a, const auto& b) { return weight_of(a) > weight_of(b); });
  std::vector<Accepted> all;
  for (const auto& range : ranges) {
    const bool multipart = range.name == "multipart/related";
    const auto type = range.parameter("type");
    all.push_back({multipart,
                   with_plus(!type.empty() ? type
                             : multipart   ? "*/*"
                                           : range.name),
                   range.parameter("transfer-syntax")});
  }
  return all;
}

Result<bool> wants_xml(const net::Request& r) {
  for (const auto& a : accepted(r)) {
    const bool any_parts = a.multipart && a.type == "*/*";  // of which only XML has parts
    if (!any_parts && (a.takes(kJson) || a.takes("application/json"))) return false;
    if (a.takes(kXml)) return true;
  }
  return fail_with({Code::unsupported, fmt::format("'{}' is nothing that attributes are written in", accept_of(r)),
                    fmt::format("Accept {} or multipart/related; type=\"{}\".", kJson, kXml), "accept"});
}

Result<net::Response> dicom_web_answer(Result<net::Response> answered) {
  if (answered || (answered.error().code != Code::invalid && answered.error().code != Code::unsupported))
    return answered;
  return net::problem(answered.error(), answered.error().code == Code::invalid ? kBadQuery : 406);
}

}  // namespace larmor::dicom
