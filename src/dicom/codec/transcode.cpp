#include "dicom/codec/transcode.h"

#include <dcmtk/dcmdata/dcistrmb.h>

#include "dicom/codec/recode.h"
#include "dicom/codec/registry.h"
#include "dicom/codec/silence.h"
#include "dicom/codec/written.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 30;
constexpr std::array kWritten = {EXS_LittleEndianExplicit, EXS_JPEGLSLossless, EXS_RLELossless,
                                 EXS_JPEG2000LosslessOnly};

}  // namespace

const std::vector<std::string>& written_syntaxes() {
  static const auto names = [] {
    std::vector<std::string> list;
    for (const auto syntax : kWritten) list.emplace_back(DcmXfer(syntax).getXferID());
    return list;
  }();
  return names;
}

bool can_write(std::string_view transfer_syntax) {
  const auto& all = written_syntaxes();
  return std::find(all.begin(), all.end(), transfer_syntax) != all.end();
}

Result<std::string> transcode(const Frame& frame, std::string_view to) {
  const auto wanted = DcmXfer(std::string(to).c_str()).getXfer();
  if (!can_write(to)) return fail(Code::unsupported, "nothing is written as {} here", to);
  const auto file = TRY(read_frame(frame));
  auto& data = *file->getDataset();
  if (wanted == EXS_LittleEndianExplicit) return std::string(as_text(TRY(native_bytes(data))));
  CHECK_OK(recode(data, std::string(DcmXfer(EXS_LittleEndianExplicit).getXferID()), wanted));
  return stream_of(data, wanted);
}

Result<std::string> transcode(ByteSource& part10, std::string_view to) {
  silence_dcmtk();
  register_codecs();
  const auto wanted = DcmXfer(std::string(to).c_str()).getXfer();
  if (!can_write(to)) return fail(Code::unsupported, "nothing is written as {} here", to);
  const auto bytes = TRY(read_all(part10, kLargest));
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  DcmFileFormat file;
  file.transferInit();
  const auto read = file.read(stream);
  file.transferEnd();
  if (read.bad()) return fail(Code::corrupt, "the stored object cannot be read: {}", read.text());
  CHECK_OK(recode(*file.getDataset(), stored_syntax(file), wanted));
  return written(file, wanted);
}

}  // namespace larmor::dicom
