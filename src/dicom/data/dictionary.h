#pragma once
/// The data dictionary (PS3.6) by keyword: "SeriesDescription" is (0008,103E), LO.
///
/// Thread safe; the dictionary is DCMTK's own.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace larmor::dicom {

struct Keyword {
  std::string name;
  std::uint32_t tag = 0;  ///< group in the upper half, element in the lower
  std::string vr;         ///< "LO"; the first one where the standard allows several
};

/// Standard attributes only; letters compare exactly.
std::optional<Keyword> find_keyword(const std::string& name);
/// All of them, sorted: about four thousand.
std::vector<std::string> all_keywords();

}  // namespace larmor::dicom
