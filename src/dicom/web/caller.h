#pragma once
/// What all of DICOMweb shares (PS3.18 section 8): our address as the caller knows it, what she accepts, statuses.
#include "net/http.h"

namespace larmor::dicom {

constexpr std::string_view kDicom = "application/dicom", kJson = "application/dicom+json",
                           kXml = "application/dicom+xml";

/// "http://host:port/dicom-web", or only the path when the caller named no host.
std::string root_of(const net::Request&);

/// One media range of an Accept header (PS3.18 8.7.4), in lower case, in the order in which they were sent.
struct Accepted {
  bool multipart = false;
  std::string type;    ///< of the parts where multipart; "*/*" for anything
  std::string syntax;  ///< transfer syntax; "*" for the stored one, empty when not said

  bool takes(std::string_view media_type) const;
};

/// Nothing sent is anything, as a part or alone.
std::vector<Accepted> accepted(const net::Request&);

/// PS3.18 8.7.2: does she want attributes as XML, rather than as JSON? `unsupported` when as neither.
Result<bool> wants_xml(const net::Request&);

/// DICOMweb's word for a bad parameter is 400 (PS3.18 table 8.5-1), for what cannot be represented as asked 406.
Result<net::Response> dicom_web_answer(Result<net::Response>);

}  // namespace larmor::dicom
