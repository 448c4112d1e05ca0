#include "services/storage/adapters/dicom_json.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcjson.h>
#include <dcmtk/dcmdata/dctk.h>

#include <sstream>

namespace larmor::storage {
namespace {

constexpr std::size_t kLongestHead = std::size_t{16} << 20;
constexpr unsigned long kLongestValue = 64 << 10;  // longer binary values are bulk data, and left out

/// Bulk data is named, not shown: a URI that is empty says that there is a value.
class HeaderFormat final : public DcmJsonFormatCompact {
 public:
  HeaderFormat() : DcmJsonFormatCompact(OFFalse) {}
};

void drop_bulk_data(DcmItem& item) {
  for (unsigned long i = item.card(); i-- > 0;) {
    auto* element = item.getElement(i);
    if (auto* sequence = dynamic_cast<DcmSequenceOfItems*>(element)) {
      for (unsigned long k = 0; k < sequence->card(); ++k) drop_bulk_data(*sequence->getItem(k));
    } else if (element->getLength() > kLongestValue || element->getGTag() >= 0x7FE0) {
      delete item.remove(i);
    }
  }
}

}  // namespace

Result<Json> dicom_json(Object& object) {
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
  drop_bulk_data(data_set);
  (void)data_set.convertToUTF8();  // what it cannot convert stays, and is replaced below
  HeaderFormat format;
  std::ostringstream text;
  if (const auto written = data_set.writeJson(text, format); written.bad())
    return fail(Code::corrupt, "the header cannot be shown as DICOM JSON: {}", written.text());
  try {
    const auto json = text.str();
    return Json::parse(json.front() == '{' ? json : "{" + json + "}");
  } catch (const Json::exception& e) {
    return fail(Code::corrupt, "the header cannot be shown as DICOM JSON: {}", e.what());
  }
}

}  // namespace larmor::storage
