#pragma once
/// A stored object as a stream, read in large pieces.
#include "base/bytes.h"
#include "services/storage/storage.h"

namespace larmor::exporting {

class ObjectSource final : public ByteSource {
 public:
  explicit ObjectSource(std::unique_ptr<storage::Object> object) : object_(std::move(object)) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto got = TRY(object_->read_at(at_, into));
    at_ += got;
    return got;
  }

 private:
  std::unique_ptr<storage::Object> object_;
  std::uint64_t at_ = 0;
};

}  // namespace larmor::exporting
