// libFuzzer: whatever the bytes are, decoding ends, and what it understands comes back the same after encoding.
// Build with -DLARMOR_FUZZ=ON and clang; run `command_fuzz CORPUS_DIRECTORY`.
#include "dicom/dimse/command.h"
#include "dicom/dimse/file_head.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace larmor;
  const auto bytes = std::as_bytes(std::span(data, size));
  MemorySource source(bytes);
  (void)dimse::read_file_head(source);
  const auto command = dimse::decode(bytes);
  if (!command) return 0;
  const auto again = dimse::decode(as_bytes(dimse::encode(*command)));
  if (!again || again->field != command->field || again->message != command->message ||
      again->instance != command->instance || again->data_set != command->data_set)
    __builtin_trap();
  return 0;
}
