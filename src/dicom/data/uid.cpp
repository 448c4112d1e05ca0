#include "dicom/data/uid.h"

#include <algorithm>

namespace larmor::dicom {

bool is_uid(std::string_view uid) {
  return !uid.empty() && uid.size() <= 64 && uid.front() != '.' && std::all_of(uid.begin(), uid.end(), [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("/\\*?").find(c) == std::string_view::npos;
  });
}

}  // namespace larmor::dicom
