#include "services/storage/rest/file.h"

namespace larmor::storage {

void SliceSource::pass_empty() {
  while (at_ < slices_.size() && slices_[at_].count == 0) ++at_;
}

Result<std::size_t> SliceSource::read(MutableBytes into) {
  pass_empty();
  if (at_ == slices_.size()) return std::size_t{0};
  auto& slice = slices_[at_];
  const auto got = TRY(object_->read_at(slice.first, into.first(std::min<std::uint64_t>(into.size(), slice.count))));
  if (got == 0) return fail(Code::corrupt, "the object ends {} bytes too early", slice.count);
  skip(got);
  return got;
}

Result<FileStretch> SliceSource::stretch() {
  pass_empty();
  const auto* in_file = dynamic_cast<const InFile*>(object_.get());
  if (!in_file || at_ == slices_.size()) return FileStretch{};
  const auto& slice = slices_[at_];
  const auto whole = in_file->file();
  if (slice.first + slice.count > whole.count) return fail(Code::corrupt, "the object ends too early");
  return FileStretch{whole.file, whole.first + slice.first, slice.count};
}

void SliceSource::skip(std::uint64_t n) {
  slices_[at_].first += n;
  slices_[at_].count -= n;
}

Result<net::Response> file_answer(Storage& storage, const InstanceRow& row, const net::Request& r) {
  const auto etag = fmt::format("\"{}\"", row.digest);
  if (r.knows(etag)) return net::not_modified(etag);
  net::Response response;
  response.headers = {{"etag", etag},
                      {"accept-ranges", "bytes"},
                      {"content-type", "application/dicom"},
                      {"cache-control", "private, no-cache"}};
  std::optional<net::ByteRange> asked;
  if (r.header("if-range").value_or(etag) == etag) {
    const auto range = r.range(row.size);
    if (!range) return net::range_not_satisfiable(row.size);
    asked = *range;
  }
  const auto part = asked.value_or(net::ByteRange{0, row.size});
  if (asked) {
    response.status = 206;
    response.headers.emplace("content-range",
                             fmt::format("bytes {}-{}/{}", part.first, part.first + part.count - 1, row.size));
  }
  response.stream = std::make_shared<SliceSource>(TRY(storage.open(row.instance, r.call())), std::vector{part});
  response.stream_size = part.count;
  return response;
}

}  // namespace larmor::storage
