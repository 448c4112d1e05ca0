#include "dicom/dimse/find_identifier.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcitem.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include "dicom/codec/written.h"
#include "dicom/data/text.h"
#include "dicom/dimse/data_set.h"
#include "dicom/query/model.h"

namespace larmor::dimse {
namespace {

using dicom::Tag;

constexpr Tag kPatientGroup = 0x0010;

struct LevelRow {
  std::string_view word;
  dicom::Level level;
  bool patients;
};
/// PS3.4 C.6.1.1 and C.6.2.1.
constexpr std::array kLevels = {
    LevelRow{"PATIENT", dicom::Level::study, true},
    LevelRow{"STUDY", dicom::Level::study, false},
    LevelRow{"SERIES", dicom::Level::series, false},
    LevelRow{"IMAGE", dicom::Level::instance, false},
};

Tag tag_of(const DcmElement& element) {
  return static_cast<Tag>(element.getGTag()) << 16 | element.getETag();
}

std::string text_of(DcmElement& element, const std::string& charset) {
  OFString value;
  if (element.getOFStringArray(value).bad()) return {};
  return dicom::to_utf8({value.c_str(), value.size()}, charset, element.ident() == EVR_PN);
}

/// All keys, those inside of sequences with the sequence's tag; deeper ones are nobody's.
void gather(DcmItem& item, Tag sequence, const std::string& charset, std::vector<dicom::Key>& keys) {
  for (unsigned long i = 0; i < item.card(); ++i) {
    auto* element = item.getElement(i);
    if (auto* inner = dynamic_cast<DcmSequenceOfItems*>(element)) {
      if (sequence == 0) keys.push_back({tag_of(*element), 0, ""});
      if (sequence == 0 && inner->card() > 0) gather(*inner->getItem(0), tag_of(*element), charset, keys);
    } else {
      keys.push_back({tag_of(*element), sequence, text_of(*element, charset)});
    }
  }
}

bool is_ours(const dicom::Key& key, const Asked& asked) {
  const auto* known = dicom::find_attribute(key.sequence, key.tag);
  if (!known || known->level > asked.query.level) return false;
  if (asked.patients && key.tag >> 16 != kPatientGroup) return false;
  return known->matching != dicom::Matching::none;
}

void put(DcmItem& into, const std::string& tag, const Json& element) {
  const auto number = static_cast<Tag>(std::stoul(tag, nullptr, 16));
  const DcmTag key(static_cast<Uint16>(number >> 16), static_cast<Uint16>(number & 0xFFFF));
  if (element.value("vr", "") != "SQ") {
    (void)into.putAndInsertString(key, dicom::text_of(element).c_str());
    return;
  }
  (void)into.insertEmptyElement(key);
  long at = 0;
  for (const auto& set : element.value("Value", Json::array())) {
    DcmItem* item = nullptr;
    if (into.findOrCreateSequenceItem(key, item, at++).bad()) return;
    for (const auto& [inner, value] : set.items()) put(*item, inner, value);
  }
}

}  // namespace

Result<Asked> read_question(const std::string& bytes, const TransferSyntaxUid& syntax, bool patient_root) {
  const auto data = TRY(read_data_set(bytes, syntax.str()));
  auto& dataset = *data;
  OFString charset, level;
  dataset.findAndGetOFStringArray(DCM_SpecificCharacterSet, charset);
  dataset.findAndGetOFString(DCM_QueryRetrieveLevel, level);

  Asked asked;
  asked.level.assign(level.c_str(), level.size());
  const auto row = std::find_if(kLevels.begin(), kLevels.end(), [&](const auto& r) { return r.word == asked.level; });
  if (row == kLevels.end() || (row->patients && !patient_root))
    return fail_with({Code::invalid, fmt::format("'{}' is no level of this information model", asked.level), "",
                      "QueryRetrieveLevel"});
  asked.query.level = row->level;
  asked.query.limit = 200;
  asked.patients = row->patients;
  gather(dataset, 0, std::string(charset.c_str(), charset.size()), asked.wanted);
  for (const auto& key : asked.wanted) {
    if (key.tag == 0x00080005 || key.tag == 0x00080052) continue;
    const bool ours = is_ours(key, asked);
    if (ours && key.sequence == 0) asked.query.include.push_back(key.tag);
    if (ours && !key.value.empty()) asked.query.keys.push_back(key);
    if (!ours && !key.value.empty()) asked.left_out = true;
    const auto* known = dicom::find_attribute(key.sequence, key.tag);
    if (!ours && known && known->level <= asked.query.level) asked.query.include.push_back(key.tag);  // only returned
  }
  return asked;
}

Result<std::string> write_answer(const Asked& asked, const Json& set, const AeTitle& title,
                                 const TransferSyntaxUid& syntax) {
  DcmDataset dataset;
  dataset.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
  dataset.putAndInsertString(DCM_QueryRetrieveLevel, asked.level.c_str());
  dataset.putAndInsertString(DCM_RetrieveAETitle, title.str().c_str());
  for (const auto& key : asked.wanted) {
    if (key.sequence != 0 || key.tag == 0x00080005 || key.tag == 0x00080052 || key.tag == 0x00080054) continue;
    const auto tag = dicom::hex(key.tag);
    const auto found = set.find(tag);
    const DcmTag known(static_cast<Uint16>(key.tag >> 16), static_cast<Uint16>(key.tag & 0xFFFF));
    if (found != set.end())
      put(dataset, tag, *found);
    else
      (void)dataset.insertEmptyElement(known);
  }
  return dicom::written(dataset, DcmXfer(syntax.str().c_str()).getXfer());
}

}  // namespace larmor::dimse
