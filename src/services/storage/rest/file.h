#pragma once
/// A stored object over HTTP: as a stream of some of its bytes, and whole with ranges and its digest as ETag.
#include "base/file_stretch.h"
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// The slices one after another.
class SliceSource final : public FileBackedSource {
 public:
  SliceSource(std::shared_ptr<Object> object, std::vector<net::ByteRange> slices)
      : object_(std::move(object)), slices_(std::move(slices)) {}
  Result<std::size_t> read(MutableBytes into) override;
  Result<FileStretch> stretch() override;
  void skip(std::uint64_t n) override;

 private:
  void pass_empty();

  std::shared_ptr<Object> object_;
  std::vector<net::ByteRange> slices_;
  std::size_t at_ = 0;
};

Result<net::Response> file_answer(Storage&, const InstanceRow&, const net::Request&);

}  // namespace larmor::storage
