#include "services/storage/adapters/inflated.h"

#include <cstring>

#include "dicom/data/deflated.h"

namespace larmor::storage {
namespace {

constexpr std::size_t kMost = std::size_t{256} << 20;  // of the data set, in memory

class InMemory final : public Object {
 public:
  explicit InMemory(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, MutableBytes into) override {
    const auto count = std::min<std::uint64_t>(into.size(), size() - std::min(offset, size()));
    if (count > 0) std::memcpy(into.data(), bytes_.data() + offset, count);
    return count;
  }

 private:
  const std::vector<std::byte> bytes_;
};

}  // namespace

Result<std::unique_ptr<Object>> inflated(std::unique_ptr<Object> object, const TransferSyntaxUid& syntax) {
  if (syntax.str() != dicom::kDeflatedSyntax) return object;
  if (object->size() > kMost)
    return fail(Code::too_large, "a deflated object of {} bytes is not inflated", object->size());
  std::vector<std::byte> packed(object->size());
  packed.resize(TRY(object->read_at(0, packed)));
  return std::make_unique<InMemory>(TRY(dicom::inflated_file(packed, kMost)));
}

}  // namespace larmor::storage
