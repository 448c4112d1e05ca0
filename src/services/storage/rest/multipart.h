#pragma once
/// multipart/related answers (RFC 2387, RFC 2046 section 5.1), written as streams.
#include <functional>

#include "net/http.h"

namespace larmor::storage {

struct Part {
  std::string type;                                           ///< Content-Type
  std::string location;                                       ///< Content-Location; empty for none
  std::uint64_t size = 0;                                     ///< of what `open` gives
  std::function<Result<std::unique_ptr<ByteSource>>()> open;  ///< called when the part's turn has come
};

/// Its size is known beforehand, and nothing is opened before it is sent. `type`: the media type of the root part.
net::Response multipart_answer(std::string_view type, std::vector<Part>);

}  // namespace larmor::storage
