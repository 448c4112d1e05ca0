#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace larmor {

Result<std::size_t> MemorySource::read(MutableBytes into) {
  const auto n = std::min(into.size(), left_.size());
  if (n > 0) std::memcpy(into.data(), left_.data(), n);
  left_ = left_.subspan(n);
  return n;
}

Result<std::string> read_all(ByteSource& source, std::size_t bound) {
  std::string all;
  std::array<std::byte, 65536> buffer;
  for (;;) {
    const auto n = TRY(source.read(buffer));
    if (n == 0) return all;
    if (all.size() + n > bound) return fail(Code::too_large, "more than {} bytes", bound);
    all.append(as_text(Bytes(buffer).first(n)));
  }
}

}  // namespace larmor
