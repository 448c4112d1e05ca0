#pragma once
/// An object that comes as DICOM JSON (PS3.18 annex F) becomes a data set in Explicit VR Little Endian. Its long values
/// may come apart, by a BulkDataURI. Pure.
#include <string>
#include <vector>

#include "dicom/web/json_values.h"

namespace larmor::dicom {

constexpr int kDeepest = 32;  ///< sequences in one another, of one object

/// A value that comes apart.
struct Apart {
  std::string uri;
  std::string place;  ///< "(0088,0200)[1](7FE0,0010)"
  Tag tag = 0;
  const Vr* vr = nullptr;
  std::size_t at = 0;   ///< where in `bytes` its element belongs
  bool pixels = false;  ///< of the object itself: may be compressed, a stream for each frame
};

struct DataSet {
  std::string bytes;                          ///< all elements but those that come apart
  std::vector<Apart> apart;                   ///< in ascending order of `at`
  std::uint64_t frames = 1, pixel_bytes = 0;  ///< of the pixels as the header tells, uncompressed, without padding
};

/// Text becomes UTF-8, and (0008,0005) says so. Elements of group 2 and lengths of groups are left out. `invalid` names
/// the attribute.
Result<DataSet> data_set_of(const Json& model);

/// The first value of an attribute ("00080018") of the model as text; empty where there is none.
std::string first_text(const Json& model, const char* tag);

}  // namespace larmor::dicom
