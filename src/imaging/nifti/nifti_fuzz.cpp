// libFuzzer: whatever the bytes are, reading ends, and what is read well has as many voxels as it says.
// Build with -DLARMOR_FUZZ=ON and clang; run `nifti_fuzz CORPUS_DIRECTORY`.
#include "imaging/nifti/nifti.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  larmor::MemorySource source(std::as_bytes(std::span(data, size)));
  const auto image = larmor::imaging::nifti::read(source);
  if (image && image->volume.size() != larmor::imaging::count(image->volume.shape())) __builtin_trap();
  return 0;
}
