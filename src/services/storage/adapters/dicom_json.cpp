#include "services/storage/adapters/dicom_json.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcjson.h>
#include <dcmtk/dcmdata/dctk.h>

#include <mutex>
#include <sstream>

#include "dicom/data/text.h"

namespace larmor::storage {
namespace {

constexpr std::size_t kLongestHead = std::size_t{16} << 20;
constexpr unsigned long kLongestValue = 64 << 10;  // longer binary values are bulk data, and left out

bool is_text(DcmEVR vr) {
  switch (vr) {
    case EVR_SH:
    case EVR_LO:
    case EVR_PN:
    case EVR_ST:
    case EVR_LT:
    case EVR_UC:
    case EVR_UT:
      return true;
    default:
      return false;
  }
}

void to_utf8_in_place(DcmElement& element, const std::string& charset) {
  OFString value;
  if (element.getOFStringArray(value).bad()) return;
  const std::string_view bytes(value.data(), value.size());
  const auto text = dicom::to_utf8(bytes, charset, element.ident() == EVR_PN);
  if (text != bytes) (void)element.putOFStringArray(OFString(text.data(), text.size()));
}

/// Text becomes UTF-8, bulk data goes. An item may declare a character set of its own. DCMTK has no Japanese sets on
/// glibc.
void prepare(DcmItem& item, std::string charset) {
  OFString declared;
  if (item.findAndGetOFStringArray(DCM_SpecificCharacterSet, declared).good())
    charset.assign(declared.data(), declared.size());
  for (unsigned long i = item.card(); i-- > 0;) {
    auto* element = item.getElement(i);
    if (auto* sequence = dynamic_cast<DcmSequenceOfItems*>(element)) {
      for (unsigned long k = 0; k < sequence->card(); ++k) prepare(*sequence->getItem(k), charset);
    } else if (element->getLength() > kLongestValue || element->getGTag() >= 0x7FE0) {
      delete item.remove(i);
    } else if (is_text(element->ident())) {
      to_utf8_in_place(*element, charset);
    }
  }
  if (!declared.empty()) (void)item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
}

}  // namespace

Result<Json> dicom_json(Object& object) {
  // DCMTK's own log quotes values, and these are patient data.
  static std::once_flag silenced;
  std::call_once(silenced, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
  std::vector<std::byte> front(std::min<std::uint64_t>(object.size(), kLongestHead));
  front.resize(TRY(object.read_at(0, front)));
  DcmInputBufferStream stream;
  stream.setBuffer(front.data(), static_cast<offile_off_t>(front.size()));
  stream.setEos();
  DcmFileFormat file;
  file.transferInit();
  const auto read = file.readUntilTag(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, DCM_PixelData);
  file.transferEnd();
  auto& data_set = *file.getDataset();
  if (read.bad() && data_set.card() == 0) return fail(Code::corrupt, "the header cannot be read: {}", read.text());
  prepare(data_set, "");
  DcmJsonFormatCompact format(OFFalse);
  std::ostringstream text;
  if (const auto written = data_set.writeJson(text, format); written.bad())
    return fail(Code::corrupt, "the header cannot be shown as DICOM JSON: {}", written.text());
  try {
    const auto json = dicom::to_utf8(text.str(), "");  // values that may not have such letters, and have them
    return Json::parse(json.front() == '{' ? json : "{" + json + "}");
  } catch (const Json::exception& e) {
    return fail(Code::corrupt, "the header cannot be shown as DICOM JSON: {}", e.what());
  }
}

}  // namespace larmor::storage
