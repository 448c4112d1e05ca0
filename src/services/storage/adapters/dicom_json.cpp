#include "services/storage/adapters/dicom_json.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcjson.h>
#include <dcmtk/dcmdata/dctk.h>

#include <sstream>

#include "base/text.h"
#include "dicom/codec/data_set.h"
#include "dicom/data/text.h"
#include "services/storage/adapters/head.h"

namespace larmor::storage {
namespace {

constexpr unsigned long kLongestValue = 64 << 10;  // longer binary values are bulk data

/// A value that the JSON refers to.
struct Bulk {
  std::string place;
  std::string vr;
};

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

std::string hex(const DcmElement& e) {
  return fmt::format("{:04X}{:04X}", e.getGTag(), e.getETag());
}

/// Text becomes UTF-8, bulk data goes into `bulk`. An item may declare a character set of its own. DCMTK has no
/// Japanese sets on glibc. `path`: of the item, with a dot at its end.
void prepare(DcmItem& item, std::string charset, const std::string& path, std::vector<Bulk>& bulk) {
  OFString declared;
  if (item.findAndGetOFStringArray(DCM_SpecificCharacterSet, declared).good())
    charset.assign(declared.data(), declared.size());
  for (unsigned long i = item.card(); i-- > 0;) {
    auto* element = item.getElement(i);
    if (auto* sequence = dynamic_cast<DcmSequenceOfItems*>(element)) {
      for (unsigned long k = 0; k < sequence->card(); ++k)
        prepare(*sequence->getItem(k), charset, fmt::format("{}{}.{}.", path, hex(*element), k + 1), bulk);
    } else if (is_text(element->ident())) {
      to_utf8_in_place(*element, charset);
    } else if (element->getLength() > kLongestValue || element->getGTag() >= 0x7FE0) {
      bulk.push_back({path + hex(*element), DcmVR(element->getVR()).getValidVRName()});
      delete item.remove(i);
    }
  }
  if (!declared.empty()) (void)item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
}

/// PS3.18 F.2.2: where a value is instead of the value.
void refer(Json& set, const Bulk& bulk, const std::string& place) {
  auto* at = &set;
  const auto path = split(bulk.place, '.');
  for (std::size_t i = 0; i + 2 < path.size(); i += 2) {
    const auto sequence = at->find(path[i]);
    const auto item = std::stoul(path[i + 1]) - 1;
    if (sequence == at->end() || !sequence->contains("Value") || item >= sequence->at("Value").size()) return;
    at = &sequence->at("Value")[item];
  }
  if (at->is_object())
    (*at)[path.back()] = {{"vr", bulk.vr}, {"BulkDataURI", fmt::format("{}bulkdata/{}", place, bulk.place)}};
}

Result<void> parse(Head head, DcmFileFormat& file) {
  if (head.header.end == dicom::End::pixel_data && head.header.pixels_at > 0) head.bytes.resize(head.header.pixels_at);
  return dicom::read_header(file, head.bytes);
}

/// The element that a place names; null where there is none.
DcmElement* find(DcmItem* item, std::string_view place) {
  const auto path = split(place, '.');
  for (std::size_t i = 0; item && i < path.size(); i += 2) {
    unsigned int group = 0, element = 0;
    if (path[i].size() != 8 || std::sscanf(path[i].c_str(), "%4x%4x", &group, &element) != 2) return nullptr;
    DcmElement* found = nullptr;
    if (item->findAndGetElement(DcmTagKey(group, element), found).bad()) return nullptr;
    if (i + 1 == path.size()) return found;
    const auto number = std::strtoul(path[i + 1].c_str(), nullptr, 10);
    auto* sequence = dynamic_cast<DcmSequenceOfItems*>(found);
    item = sequence && number >= 1 && number <= sequence->card() ? sequence->getItem(number - 1) : nullptr;
  }
  return nullptr;
}

}  // namespace

Result<Json> header_by_dcmtk(Head head, const std::string& place) {
  DcmFileFormat file;
  CHECK_OK(parse(std::move(head), file));
  auto& data_set = *file.getDataset();
  std::vector<Bulk> bulk;
  prepare(data_set, "", "", bulk);
  DcmJsonFormatCompact format(OFFalse);
  std::ostringstream text;
  if (const auto written = data_set.writeJson(text, format); written.bad())
    return fail(Code::corrupt, "the header cannot be shown as DICOM JSON: {}", written.text());
  try {
    const auto json = dicom::to_utf8(text.str(), "");  // values that may not have such letters, and have them
    auto set = Json::parse(json.front() == '{' ? json : "{" + json + "}");
    for (const auto& one : bulk) refer(set, one, place);
    return set;
  } catch (const Json::exception& e) {
    return fail(Code::corrupt, "the header cannot be shown as DICOM JSON: {}", e.what());
  }
}

Result<dicom::HeaderJson> header_json(Object& object, const std::string& place) {
  auto head = TRY(read_head(object, {}));
  if (auto quick = dicom::header_json(head.bytes, head.header, place + "bulkdata/")) return std::move(*quick);
  const auto set = TRY(header_by_dcmtk(std::move(head), place));
  dicom::HeaderJson header{set.dump(-1, ' ', false, Json::error_handler_t::replace)};
  if (const auto bits = set.find("00280100"); bits != set.end() && set.contains("00280010")) {
    header.image = true;
    header.bits = bits->value("Value", Json::array({header.bits})).at(0);
    header.real = (header.bits == 32 || header.bits == 64) && !set.contains("00280103");
  }
  return header;
}

Result<Json> dicom_json(Object& object) {
  return parse_json(TRY(header_json(object, "")).text);
}

Result<std::string> bulk_value(Object& object, std::string_view place) {
  DcmFileFormat file;
  CHECK_OK(parse(TRY(read_head(object, {})), file));
  auto* element = find(file.getDataset(), place);
  if (!element || !element->isLeaf()) return fail(Code::not_found, "the object has no value at {}", place);
  std::string value(element->getLength(), '\0');
  const auto read =
      element->getPartialValue(value.data(), 0, static_cast<Uint32>(value.size()), nullptr, EBO_LittleEndian);
  if (read.bad()) return fail(Code::corrupt, "the value at {} cannot be read: {}", place, read.text());
  return value;
}

}  // namespace larmor::storage
