#pragma once
/// Reads the head of a DICOM file once, quickly, and hands out the few values that somebody wants.
///
/// File meta information, then the top level of the data set up to the pixel data (PS3.5 section 7, PS3.10 section 7).
/// Implicit and Explicit VR Little Endian, Explicit VR Big Endian, Deflated (the start is inflated), every encapsulated
/// and unknown transfer syntax (as Explicit VR Little Endian; the first element shows whether that is true). Sequences
/// are stepped over. Ownership: a Header's views point into the bytes that were scanned, which must stay, or into the
/// Header itself. Threads: a value. Allocates once or twice per file, not per element. Failures: `corrupt` when the
/// bytes are no DICOM file at all. Damage further in is no failure: what came before it is handed out, and `end` and
/// `remark` say what is wrong.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace larmor::dicom {

using Tag = std::uint32_t;  ///< group in the upper, element in the lower 16 bits

namespace tag {
constexpr Tag kSpecificCharacterSet = 0x00080005, kSopClassUid = 0x00080016, kSopInstanceUid = 0x00080018,
              kStudyDate = 0x00080020, kStudyTime = 0x00080030, kAccessionNumber = 0x00080050, kModality = 0x00080060,
              kManufacturer = 0x00080070, kStudyDescription = 0x00081030, kSeriesDescription = 0x0008103E,
              kModel = 0x00081090, kPatientName = 0x00100010, kPatientId = 0x00100020, kPatientBirthDate = 0x00100030,
              kPatientSex = 0x00100040, kPatientAge = 0x00101010, kBodyPart = 0x00180015, kProtocolName = 0x00181030,
              kStudyInstanceUid = 0x0020000D, kSeriesInstanceUid = 0x0020000E, kSeriesNumber = 0x00200011,
              kInstanceNumber = 0x00200013, kImagePosition = 0x00200032, kImageOrientation = 0x00200037,
              kNumberOfFrames = 0x00280008;
}  // namespace tag

enum class End {
  pixel_data,  ///< reached the pixel data: the whole head was read
  data_set,    ///< reached the end of a data set without pixel data
  cut,         ///< the bytes end inside an element: the file, or the part of it that was given, is too short
  malformed,   ///< the bytes make no sense from some point on
};

class Header {
 public:
  std::string_view media_class, media_instance;  ///< (0002,0002), (0002,0003)
  std::string_view transfer_syntax;              ///< (0002,0010)
  std::string_view source_ae;                    ///< (0002,0016)
  std::uint64_t data_set_at = 0;                 ///< where the data set begins
  std::uint64_t pixels_at = 0;                   ///< where group 7FE0 begins (End::pixel_data, not deflated)
  End end = End::data_set;
  std::string remark;  ///< for cut and malformed: what is wrong, and at which byte

  /// The value without its padding at the end; empty when absent. Only tags that the scan was asked for are known.
  std::string_view operator[](Tag) const;
  /// Of a US element; nothing when absent or of another size.
  std::optional<std::uint16_t> short_number(Tag) const;
  /// The items of a sequence that the scan was asked for, at most 100, up to where they stop making sense. Within them
  /// as here.
  std::vector<Header> items(Tag sequence, std::span<const Tag> wanted) const;

 private:
  friend class Scanner;
  struct Found {
    Tag tag;
    std::string_view value;  ///< with padding
    bool delimited;          ///< a sequence of undefined length
  };
  const Found* find(Tag) const;
  std::vector<Found> found_;
  bool big_endian_ = false, explicit_vr_ = true;
  std::vector<std::byte> inflated_;
};

/// `front`: the file, or its first part. `wanted`: tags in ascending order.
Result<Header> scan(Bytes front, std::span<const Tag> wanted);

/// Letters that a value may be padded with at its end: blank and zero.
std::string_view without_padding(std::string_view);

}  // namespace larmor::dicom
