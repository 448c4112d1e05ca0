#pragma once
/// A media type or range as headers write it (RFC 9110 sections 8.3.1 and 12.5.1). Pure.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace larmor::dicom {

struct MediaType {
  std::string name;                                            ///< "multipart/related", in lower case
  std::map<std::string, std::string, std::less<>> parameters;  ///< names in lower case, values without quotes

  /// Empty where there is none.
  std::string parameter(std::string_view) const;
};

MediaType media_type(std::string_view);

/// The members of a list, between commas that stand outside of quotes.
std::vector<std::string_view> members(std::string_view list);

std::string lower(std::string_view);

}  // namespace larmor::dicom
