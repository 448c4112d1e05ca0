#pragma once
/// What all of DICOMweb shares (PS3.18 section 8): our address as the caller knows it, what she accepts, statuses.
#include "net/http.h"

namespace larmor::dicom {

constexpr std::string_view kDicom = "application/dicom", kJson = "application/dicom+json",
                           kXml = "application/dicom+xml";

/// "http://host:port/dicom-web", or only the path when the caller named no host.
std::string root_of(const net::Request&);

/// Instead of the header Accept (PS3.18 8.3.3.1); for the rows of each route.
extern const net::Text kAccept;
/// DICOMweb's word for a bad parameter (PS3.18 table 8.5-1).
constexpr int kBadQuery = 400;

/// One media range of an Accept header (PS3.18 8.7.4), in lower case.
struct Accepted {
  bool multipart = false;
  std::string type;    ///< of the parts where multipart; "*/*" for anything
  std::string syntax;  ///< transfer syntax; "*" for the stored one, empty when not said
  /// Of a wildcard: what narrower ranges of the same header speak for, be it to refuse (RFC 9110 section 12.5.1).
  std::vector<std::string> apart = {};

  bool takes(std::string_view media_type) const;
  /// DICOM JSON, also by the name of all JSON.
  bool takes_json() const { return takes(kJson) || type == "application/json"; }
};

/// The preferred ones first (RFC 9110 section 12.4.2), as they were sent where they are equal; nothing sent is
/// anything, as a part or alone.
std::vector<Accepted> accepted(const net::Request&);

/// PS3.18 8.7.2: does she want attributes as XML, rather than as JSON? `unsupported` when as neither.
Result<bool> wants_xml(const net::Request&);

/// `invalid` as kBadQuery, and what cannot be represented as asked as 406.
Result<net::Response> dicom_web_answer(Result<net::Response>);

}  // namespace larmor::dicom
