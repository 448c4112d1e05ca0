#pragma once
/// A stored object over HTTP: as a stream of some of its bytes, and whole with ranges and its digest as ETag.
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// The slices one after another.
class SliceSource final : public ByteSource {
 public:
  SliceSource(std::shared_ptr<Object> object, std::vector<net::ByteRange> slices)
      : object_(std::move(object)), slices_(std::move(slices)) {}
  Result<std::size_t> read(MutableBytes into) override;

 private:
  std::shared_ptr<Object> object_;
  std::vector<net::ByteRange> slices_;
  std::size_t at_ = 0;
};

Result<net::Response> file_answer(Storage&, const SopUid&, const net::Request&);

}  // namespace larmor::storage
