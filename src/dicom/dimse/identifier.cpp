#include "dicom/dimse/identifier.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>

#include "dicom/codec/written.h"
#include "dicom/data/text.h"
#include "dicom/dimse/data_set.h"

namespace larmor::dimse {
namespace {

std::string_view name(Level level) {
  constexpr std::array names = {"STUDY", "SERIES", "IMAGE"};
  return names[static_cast<std::size_t>(level)];
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
  return dicom::written(dataset, DcmXfer(transfer_syntax.c_str()).getXfer());
}

Result<Row> decode_identifier(const std::string& bytes, const Row& keys, const std::string& transfer_syntax) {
  const auto data = TRY(read_data_set(bytes, transfer_syntax));
  auto& dataset = *data;
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
