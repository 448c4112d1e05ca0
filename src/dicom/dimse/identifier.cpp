#include "dicom/dimse/identifier.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcwcache.h>

#include <algorithm>

#include "dicom/data/text.h"

namespace larmor::dimse {
namespace {

std::string_view name(Level level) {
  constexpr std::array names = {"STUDY", "SERIES", "IMAGE"};
  return names[static_cast<std::size_t>(level)];
}

E_TransferSyntax syntax_of(const std::string& uid) {
  return DcmXfer(uid.c_str()).getXfer();
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Result<std::string> encode_identifier(Level level, const Row& keys, const std::string& transfer_syntax) {
  DcmDataset dataset;
  dataset.putAndInsertString(DCM_QueryRetrieveLevel, std::string(name(level)).c_str());
  for (const auto& [keyword, value] : keys) {
    DcmTag tag;
    if (DcmTag::findTagFromName(keyword.c_str(), tag).bad())
      return fail_with({Code::invalid, fmt::format("no attribute is called {}", keyword), "", keyword});
    if (dataset.putAndInsertString(tag, value.c_str()).bad())
      return fail_with({Code::invalid, fmt::format("'{}' is no value for {}", value, keyword), "", keyword});
    if (!is_ascii(value)) dataset.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
  }
  std::vector<char> room(65'536);
  DcmOutputBufferStream stream(room.data(), static_cast<offile_off_t>(room.size()));
  DcmWriteCache cache;
  dataset.transferInit();
  const auto status = dataset.write(stream, syntax_of(transfer_syntax), EET_ExplicitLength, &cache, EGL_withoutGL);
  dataset.transferEnd();
  if (status.bad()) return fail(Code::too_large, "the query has more than {} bytes", room.size());
  void* piece = nullptr;
  offile_off_t size = 0;
  stream.flushBuffer(piece, size);
  return std::string(static_cast<const char*>(piece), static_cast<std::size_t>(size));
}

Result<Row> decode_identifier(const std::string& bytes, const Row& keys, const std::string& transfer_syntax) {
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  DcmDataset dataset;
  dataset.transferInit();
  const auto status = dataset.read(stream, syntax_of(transfer_syntax));
  dataset.transferEnd();
  if (status.bad()) return fail(Code::corrupt, "a row of the answer cannot be read: {}", status.text());
  OFString charset;
  dataset.findAndGetOFStringArray(DCM_SpecificCharacterSet, charset);
  Row row;
  for (const auto& [keyword, unused] : keys) {
    DcmTag tag;
    OFString value;
    if (DcmTag::findTagFromName(keyword.c_str(), tag).good() && dataset.findAndGetOFStringArray(tag, value).good())
      row[keyword] =
          dicom::to_utf8({value.c_str(), value.size()}, {charset.c_str(), charset.size()}, tag.getEVR() == EVR_PN);
  }
  return row;
}

}  // namespace larmor::dimse
