#include "imaging/nifti/nifti.h"

#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "imaging/nifti/header.h"

namespace larmor::imaging::nifti {
namespace {

struct CloseGz {
  void operator()(gzFile_s* f) const { gzclose(f); }
};
using Gz = std::unique_ptr<gzFile_s, CloseGz>;

/// zlib reads plain files as they are and compressed ones unpacked.
class GzSource final : public ByteSource {
 public:
  explicit GzSource(Gz file) : file_(std::move(file)) {}
  Result<std::size_t> read(MutableBytes into) override {
    const int n = gzread(file_.get(), into.data(), unsigned(std::min<std::size_t>(into.size(), 1 << 20)));
    if (n >= 0) return std::size_t(n);
    int code = 0;
    return fail(Code::corrupt, "the compressed data is damaged: {}", gzerror(file_.get(), &code));
  }

 private:
  Gz file_;
};

/// Fills all of `into`, or says what is missing.
Result<void> fill(ByteSource& source, MutableBytes into, std::string_view what) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto n = TRY(source.read(into.subspan(done)));
    if (n == 0)
      return fail(Code::corrupt, "the file ends within its {}: {} of {} bytes are there", what, done, into.size());
    done += n;
  }
  return {};
}

Result<void> write_all(const std::filesystem::path& path, const std::string& header, const void* data,
                       std::size_t bytes) {
  const bool packed = path.extension() == ".gz";
  auto beside = path;
  beside += ".part";
  // Level 1: label volumes shrink a hundredfold at any level, and the rest should not keep a result waiting. "T" stores
  // plainly.
  Gz file(gzopen(beside.c_str(), packed ? "wb1" : "wbT"));
  if (!file) return fail_with(file_error("cannot write", beside, errno));
  const auto put = [&](const char* from, std::size_t n) {
    for (std::size_t at = 0; at < n;) {
      const auto chunk = unsigned(std::min<std::size_t>(n - at, 1 << 24));
      if (gzwrite(file.get(), from + at, chunk) != int(chunk)) return false;
      at += chunk;
    }
    return true;
  };
  const bool written = put(header.data(), header.size()) && put(static_cast<const char*>(data), bytes);
  const bool closed = gzclose(file.release()) == Z_OK;
  std::error_code moved;
  if (written && closed) std::filesystem::rename(beside, path, moved);
  if (written && closed && !moved) return {};
  const int cause = moved ? moved.value() : errno;
  std::filesystem::remove(beside, moved);
  return fail_with(file_error("cannot write", path, cause));
}

template <class T>
Result<void> write_volume(const std::filesystem::path& path, const Volume<T>& v, int code,
                          std::string_view description = {}) {
  for (const auto n : v.shape())
    if (n < 1 || n > 32767) return fail(Code::unsupported, "NIfTI-1 cannot hold a side of {} voxels", n);
  return write_all(path, header_bytes(v.grid, code, description), v.voxels.data(), v.size() * sizeof(T));
}

}  // namespace

Result<Image> read(ByteSource& source) {
  std::array<std::byte, kHeaderBytes> raw;
  CHECK_OK(fill(source, raw, "header"));
  const Header h = TRY(parse_header(raw));
  std::vector<std::byte> buffer(h.data_offset - kHeaderBytes);
  CHECK_OK(fill(source, buffer, "header extensions"));

  Image out;
  out.orientation_known = h.orientation_known;
  out.description = h.description;
  // Memory grows with what has really been read: a header alone cannot claim a gigabyte.
  const std::size_t total = count(h.grid.shape), chunk = std::size_t{1} << 18;
  auto& voxels = out.volume.voxels;
  buffer.resize(chunk * h.type->bytes);
  while (voxels.size() < total) {
    const std::size_t n = std::min(chunk, total - voxels.size());
    CHECK_OK(fill(source, MutableBytes(buffer).first(n * h.type->bytes), "image data"));
    if (voxels.capacity() < voxels.size() + n) voxels.reserve(std::min(total, std::max(chunk * 8, voxels.size() * 4)));
    for (std::size_t i = 0; i < n; ++i) {
      const float x = h.type->value(buffer.data() + i * h.type->bytes, h.swapped);
      voxels.push_back(float(h.slope * double(x) + h.intercept));
    }
  }
  out.volume.grid = h.grid;
  return out;
}

Result<Image> read_file(const std::filesystem::path& path) {
  Gz file(gzopen(path.c_str(), "rb"));
  if (!file) return fail_with(file_error("cannot open", path, errno));
  gzbuffer(file.get(), 1 << 18);
  GzSource source(std::move(file));
  auto image = read(source);
  if (!image) return fail_with(while_doing(fmt::format("cannot read {}", path.string()), image.error()));
  return image;
}

Result<void> write_file(const std::filesystem::path& path, const Volume<std::uint8_t>& v) {
  return write_volume(path, v, 2);
}
Result<void> write_file(const std::filesystem::path& path, const Volume<float>& v, std::string_view description) {
  return write_volume(path, v, 16, description);
}

}  // namespace larmor::imaging::nifti
