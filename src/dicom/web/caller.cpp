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

struct Range {
  Accepted accepted;
  double weight;  ///< 0 for what is not wanted (RFC 9110 section 12.4.2)
};

Range range_of(const MediaType& sent) {
  const bool multipart = sent.name == "multipart/related";
  const auto type = sent.parameter("type");
  return {{multipart,
           with_plus(!type.empty() ? type
                     : multipart   ? "*/*"
                                   : sent.name),
           sent.parameter("transfer-syntax")},
          to_number<double>(sent.parameter("q")).value_or(1)};
}

bool covers(std::string_view range, std::string_view media_type) {
  return range == "*/*" || range == media_type ||
         range == fmt::format("{}/*", media_type.substr(0, media_type.find('/')));
}

/// Parts are another form than the whole, and may have their own weight; what is refused is given in no form.
bool speaks_for(const Range& narrow, const Accepted& wide) {
  const auto& n = narrow.accepted;
  const bool narrower = n.type != wide.type && covers(wide.type, n.type);
  return narrower && (narrow.weight <= 0 || n.multipart == wide.multipart) && (n.syntax.empty() || n.syntax == "*");
}

}  // namespace

std::string root_of(const net::Request& r) {
  const auto host = r.header("host");
  return host ? fmt::format("{}://{}/dicom-web", r.header("x-forwarded-proto").value_or("http"), *host) : "/dicom-web";
}

bool Accepted::takes(std::string_view media_type) const {
  return covers(type, media_type) &&
         std::none_of(apart.begin(), apart.end(), [&](const auto& range) { return covers(range, media_type); });
}

std::vector<Accepted> accepted(const net::Request& r) {
  auto accepts = accept_of(r);
  if (accepts.empty()) accepts = "*/*";
  std::vector<Range> ranges;
  for (const auto member : members(accepts))
    if (const auto sent = media_type(member); !sent.name.empty()) ranges.push_back(range_of(sent));
  std::stable_sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.weight > b.weight; });
  std::vector<Accepted> all;
  for (const auto& range : ranges) {
    if (range.weight <= 0) break;
    auto& one = all.emplace_back(range.accepted);
    for (const auto& other : ranges)
      if (speaks_for(other, one)) one.apart.push_back(other.accepted.type);
  }
  return all;
}

Result<bool> wants_xml(const net::Request& r) {
  for (const auto& a : accepted(r)) {
    const bool any_parts = a.multipart && a.type == "*/*";  // of which only XML has parts
    if (!any_parts && a.takes_json()) return false;
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
