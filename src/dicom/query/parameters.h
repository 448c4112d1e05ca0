#pragma once
/// Search parameters of a web address (PS3.18 8.3.4) as a question. Pure.
#include <map>

#include "dicom/query/query.h"

namespace larmor::dicom {

using Parameters = std::multimap<std::string, std::string, std::less<>>;

struct Search {
  Query query;
  std::vector<std::string> ignored;  ///< attributes of the standard that are kept by no index: the answer says so
};

/// Reads the attributes (keyword or eight hexadecimal digits, dots between a sequence and what is inside) and
/// includefield; leaves limit, offset and fuzzymatching to whoever knows their bounds. `invalid` names the parameter.
Result<Search> search_of(Level, const Parameters&);

}  // namespace larmor::dicom
