// libFuzzer: whatever the bytes are, the scan ends, stays inside them, and hands out views that can be read.
// Build with -DLARMOR_FUZZ=ON and clang; run `scan_fuzz CORPUS_DIRECTORY`.
#include "dicom/data/scan.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static constexpr larmor::dicom::Tag kWanted[] = {
      larmor::dicom::tag::kSopInstanceUid, larmor::dicom::tag::kPatientName, larmor::dicom::tag::kStudyInstanceUid};
  const auto header = larmor::dicom::scan(std::as_bytes(std::span(data, size)), kWanted);
  if (!header) return 0;
  std::size_t sum = header->media_instance.size() + header->transfer_syntax.size() + header->remark.size();
  for (const auto tag : kWanted)
    for (const char c : (*header)[tag]) sum += static_cast<unsigned char>(c);
  return sum == static_cast<std::size_t>(-1) ? 1 : 0;
}
