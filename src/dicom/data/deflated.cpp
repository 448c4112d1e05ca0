#include "dicom/data/deflated.h"

#include <zlib.h>

#include "dicom/data/part10.h"
#include "dicom/data/scan.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kFirstPiece = std::size_t{64} << 10;

}  // namespace

Inflated inflate(Bytes packed, std::size_t most) {
  Inflated out;
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 1u << 30));
  for (int status = Z_OK; status == Z_OK && out.bytes.size() < most;) {
    const auto before = out.bytes.size();
    out.bytes.resize(std::max(kFirstPiece, before * 2));
    stream.next_out = reinterpret_cast<Bytef*>(out.bytes.data() + before);
    stream.avail_out = static_cast<uInt>(out.bytes.size() - before);
    status = ::inflate(&stream, Z_NO_FLUSH);
    out.bytes.resize(out.bytes.size() - stream.avail_out);
    out.whole = status == Z_STREAM_END;
  }
  inflateEnd(&stream);
  return out;
}

Result<std::vector<std::byte>> inflated_file(Bytes file, std::size_t most) {
  const auto header = TRY(scan(file, {}));
  const auto data_set = inflate(file.subspan(header.data_set_at), most);
  if (data_set.bytes.size() >= most)
    return fail_with({Code::too_large, fmt::format("its deflated data set has more than {} bytes", most),
                      "Retrieve the whole object, which stays as it is."});
  if (!data_set.whole)
    return fail(Code::corrupt, "its deflated data set breaks off after {} bytes", data_set.bytes.size());
  const auto front =
      part10_front(SopClassUid(std::string(header.media_class)), SopUid(std::string(header.media_instance)),
                   TransferSyntaxUid("1.2.840.10008.1.2.1"), AeTitle(std::string(header.source_ae)));
  const auto head = as_bytes(front);
  std::vector<std::byte> out(head.begin(), head.end());
  out.insert(out.end(), data_set.bytes.begin(), data_set.bytes.end());
  return out;
}

}  // namespace larmor::dicom
