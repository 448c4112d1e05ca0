#include "dicom/objects/document.h"

#include <dcmtk/dcmdata/dcostrmb.h>

#include <cmath>
#include <cstdio>
#include <set>

#include "dicom/objects/uid.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

Failure dcmtk_failure(std::string_view doing, const OFCondition& why, Code code = Code::internal) {
  return fail(code, "cannot {}: {}", doing, why.text());
}

/// Gathers what a DCMTK object writes, block by block.
class Output {
 public:
  Output() : block_(kBlock), stream_(block_.data(), static_cast<offile_off_t>(kBlock)) {}
  OFCondition take(DcmObject& object, E_TransferSyntax syntax) {
    object.transferInit();
    OFCondition written = EC_Normal;
    do {
      written = object.write(stream_, syntax, EET_ExplicitLength, nullptr);
      drain();
    } while (written == EC_StreamNotifyClient);
    object.transferEnd();
    return written;
  }
  std::string bytes() && {
    stream_.flush();
    drain();
    return std::move(bytes_);
  }

 private:
  void drain() {
    void* begin = nullptr;
    offile_off_t length = 0;
    stream_.flushBuffer(begin, length);
    bytes_.append(static_cast<const char*>(begin), static_cast<std::size_t>(length));
  }
  std::vector<char> block_;
  DcmOutputBufferStream stream_;
  std::string bytes_;
};

Result<std::string> encode(DcmFileFormat& file) {
  constexpr auto kSyntax = EXS_LittleEndianExplicit;
  if (const auto done = file.validateMetaInfo(kSyntax, EWM_createNewMeta); done.bad())
    return dcmtk_failure("build the file's meta header", done);
  // The meta header is written apart from the dataset, because written together DCMTK would sign with its own name.
  auto& meta = *file.getMetaInfo();
  meta.putAndInsertString(DCM_ImplementationClassUID, uid_from({"larmor", "implementation"}).c_str());
  meta.putAndInsertString(DCM_ImplementationVersionName, "LARMOR");
  meta.computeGroupLengthAndPadding(EGL_recalcGL, EPD_noChange, EXS_LittleEndianExplicit, EET_UndefinedLength);
  Output output;
  if (const auto done = output.take(meta, EXS_LittleEndianExplicit); done.bad())
    return dcmtk_failure("encode the meta header", done);
  if (const auto done = output.take(*file.getDataset(), kSyntax); done.bad())
    return dcmtk_failure("encode the object", done);
  return std::move(output).bytes();
}

std::string text_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFStringArray(tag, value);
  return {value.c_str(), value.size()};
}

const std::array kPatientAndStudy = {
    // Patient (PS3.3 C.7.1.1)
    DCM_PatientName, DCM_PatientID, DCM_IssuerOfPatientID, DCM_TypeOfPatientID, DCM_IssuerOfPatientIDQualifiersSequence,
    DCM_PatientBirthDate, DCM_PatientSex, DCM_PatientBirthTime, DCM_QualityControlSubject,
    DCM_ReferencedPatientSequence, DCM_RETIRED_OtherPatientIDs, DCM_OtherPatientIDsSequence, DCM_OtherPatientNames,
    DCM_EthnicGroup, DCM_PatientComments, DCM_PatientSpeciesDescription, DCM_PatientSpeciesCodeSequence,
    DCM_PatientBreedDescription, DCM_PatientBreedCodeSequence, DCM_BreedRegistrationSequence, DCM_ResponsiblePerson,
    DCM_ResponsiblePersonRole, DCM_ResponsibleOrganization, DCM_PatientIdentityRemoved, DCM_DeidentificationMethod,
    DCM_DeidentificationMethodCodeSequence,
    // Clinical trial subject and study (C.7.1.3, C.7.2.3)
    DCM_ClinicalTrialSponsorName, DCM_ClinicalTrialProtocolID, DCM_ClinicalTrialProtocolName, DCM_ClinicalTrialSiteID,
    DCM_ClinicalTrialSiteName, DCM_ClinicalTrialSubjectID, DCM_ClinicalTrialSubjectReadingID,
    DCM_ClinicalTrialTimePointID, DCM_ClinicalTrialTimePointDescription,
    // General study (C.7.2.1)
    DCM_StudyInstanceUID, DCM_StudyDate, DCM_StudyTime, DCM_ReferringPhysicianName,
    DCM_ReferringPhysicianIdentificationSequence, DCM_ConsultingPhysicianName, DCM_StudyID, DCM_AccessionNumber,
    DCM_IssuerOfAccessionNumberSequence, DCM_StudyDescription, DCM_PhysiciansOfRecord, DCM_NameOfPhysiciansReadingStudy,
    DCM_RequestingServiceCodeSequence, DCM_ReferencedStudySequence, DCM_ProcedureCodeSequence,
    DCM_ReasonForPerformedProcedureCodeSequence,
    // Patient study (C.7.2.2)
    DCM_AdmittingDiagnosesDescription, DCM_AdmittingDiagnosesCodeSequence, DCM_PatientAge, DCM_PatientSize,
    DCM_PatientWeight, DCM_PatientSizeCodeSequence, DCM_MedicalAlerts, DCM_Allergies, DCM_SmokingStatus,
    DCM_PregnancyStatus, DCM_LastMenstrualDate, DCM_PatientState, DCM_Occupation, DCM_AdditionalPatientHistory,
    DCM_AdmissionID, DCM_IssuerOfAdmissionIDSequence, DCM_ServiceEpisodeID, DCM_ServiceEpisodeDescription,
    DCM_PatientSexNeutered,
    // SOP common: without them the copied text and times would mean something else
    DCM_SpecificCharacterSet, DCM_TimezoneOffsetFromUTC};

const std::array kMustBePresent = {DCM_PatientName,     DCM_PatientID, DCM_PatientBirthDate,
                                   DCM_PatientSex,      DCM_StudyDate, DCM_StudyTime,
                                   DCM_AccessionNumber, DCM_StudyID,   DCM_ReferringPhysicianName};

}  // namespace

std::string plain_words(std::string_view text, std::size_t longest) {
  std::string words;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // the rest of a letter that is already a '?'
    words += c == '\\' ? '/' : (c >= 0x20 && c < 0x7F) || c == '\n' ? c : '?';
  }
  if (words.size() > longest) words.resize(longest);
  return words;
}

std::string decimal(double value) {
  if (value == 0) return "0";
  std::array<char, 40> text{};
  for (int digits = 15; digits > 0; --digits) {
    const int length = std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    if (length <= 16) return {text.data(), static_cast<std::size_t>(length)};
  }
  return "0";
}

void Item::note(const OFCondition& done) {
  if (done.bad() && status_->good()) *status_ = done;
}

void Item::text(const DcmTagKey& tag, std::string_view value) {
  note(item_->putAndInsertOFStringArray(tag, OFString(value.data(), value.size())));
}
void Item::word(const DcmTagKey& tag, std::uint16_t value) {
  note(item_->putAndInsertUint16(tag, value));
}
void Item::words(const DcmTagKey& tag, std::span<const std::uint16_t> values) {
  note(item_->putAndInsertUint16Array(tag, values.data(), values.size()));
}
void Item::longs(const DcmTagKey& tag, std::span<const std::uint32_t> values) {
  auto element = std::make_unique<DcmUnsignedLong>(DcmTag(tag));
  note(element->putUint32Array(values.data(), values.size()));
  note(item_->insert(element.release(), OFTrue));
}
void Item::decimals(const DcmTagKey& tag, std::span<const double> values) {
  std::string joined;
  for (const double value : values) joined += (joined.empty() ? "" : "\\") + decimal(value);
  text(tag, joined);
}
void Item::bytes(const DcmTagKey& tag, std::span<const std::uint8_t> values) {
  auto element = std::make_unique<DcmOtherByteOtherWord>(DcmTag(tag, EVR_OB));
  Uint8* target = nullptr;
  note(element->createUint8Array(static_cast<Uint32>(values.size() + values.size() % 2), target));
  if (!target) return;
  std::copy(values.begin(), values.end(), target);
  if (values.size() % 2) target[values.size()] = 0;
  note(item_->insert(element.release(), OFTrue));
}

void Item::real(const DcmTagKey& tag, double value) {
  note(item_->putAndInsertFloat64(tag, value));
}
void Item::floats(const DcmTagKey& tag, std::span<const float> values) {
  note(item_->putAndInsertFloat32Array(tag, values.data(), values.size()));
}

Item Item::item(const DcmTagKey& sequence) {
  DcmItem* made = nullptr;
  note(item_->findOrCreateSequenceItem(sequence, made, -2));
  return {made ? *made : *item_, *status_};
}
void Item::empty_sequence(const DcmTagKey& sequence) {
  note(item_->insertEmptyElement(sequence));
}

Item Item::code(const DcmTagKey& sequence, const imaging::Code& code) {
  Item made = item(sequence);
  made.text(DCM_CodeValue, code.value);
  made.text(DCM_CodingSchemeDesignator, code.scheme);
  made.text(DCM_CodeMeaning, code.meaning);
  return made;
}

bool Item::copy(DcmItem& from, const DcmTagKey& tag) {
  DcmElement* element = nullptr;
  if (from.findAndGetElement(tag, element, OFFalse, OFTrue).bad() || !element) return false;
  // Scanners leave optional sequences empty, which the standard allows to nobody.
  if (element->ident() == EVR_SQ && static_cast<DcmSequenceOfItems*>(element)->card() == 0) {
    delete element;
    return false;
  }
  const auto done = item_->insert(element, OFTrue);
  if (done.bad()) delete element;
  note(done);
  return done.good();
}
void Item::copy_or_empty(DcmItem& from, const DcmTagKey& tag) {
  if (!copy(from, tag)) note(item_->insertEmptyElement(tag));
}

Result<Object> Document::finish() {
  if (status_.bad()) return dcmtk_failure("write an attribute of the object", status_);
  Object made;
  made.sop_class = SopClassUid(text_of(dataset(), DCM_SOPClassUID));
  made.series = SeriesUid(text_of(dataset(), DCM_SeriesInstanceUID));
  made.instance = SopUid(text_of(dataset(), DCM_SOPInstanceUID));
  made.bytes = TRY(encode(file_));
  return made;
}

Result<std::unique_ptr<DcmFileFormat>> open_header(const std::filesystem::path& path) {
  auto file = std::make_unique<DcmFileFormat>();
  // Long values, the pixels above all, stay on disk: DCMTK reads them only if somebody asks.
  const auto read = file->loadFile(path.c_str(), EXS_Unknown, EGL_noChange, 4096, ERM_autoDetect);
  if (read.bad()) return dcmtk_failure(fmt::format("read the source's header {}", path.string()), read, Code::corrupt);
  return file;
}

Identity identify(const SourceSeries& source, const Maker& maker, const Kind& kind, int index) {
  const auto generation = std::to_string(maker.generation);
  const auto first = [](const std::string& a, const std::string& b, const std::string& c, const char* last) {
    return !a.empty() ? a : !b.empty() ? b : !c.empty() ? c : std::string(last);
  };
  Identity id;
  id.series = SeriesUid(uid_from({"larmor", source.study.str(), source.series.str(), maker.pipeline, maker.version,
                                  maker.weights, generation, kind.name}));
  id.instance = SopUid(uid_from({id.series.str(), std::to_string(index)}));
  const bool own_date = !maker.date.empty();
  // A result needs a date even where an anonymised source has none; 1900 looks like what it is.
  id.date = first(maker.date, source.date, source.about_study.date, "19000101");
  id.time = own_date ? first(maker.time, "", "", "000000") : first(source.time, source.about_study.time, "", "000000");
  return id;
}

void write_common(Document& document, DcmItem& example, const SourceSeries& source, const Maker& maker,
                  const Kind& kind, const Identity& id) {
  Item root = document.root();
  for (const auto& tag : kPatientAndStudy) root.copy(example, tag);
  for (const auto& tag : kMustBePresent)
    if (!root.raw().tagExists(tag)) root.empty_sequence(tag);
  root.text(DCM_StudyInstanceUID, source.study.str());
  root.text(DCM_Modality, kind.modality);
  root.text(DCM_SeriesInstanceUID, id.series.str());
  root.text(DCM_SeriesNumber, std::to_string(kind.series_number));
  root.text(DCM_SeriesDate, id.date);
  root.text(DCM_SeriesTime, id.time);
  root.text(DCM_SeriesDescription, plain_words(kind.description, 64));
  root.text(DCM_Manufacturer, "Larmor");
  root.text(DCM_ManufacturerModelName, plain_words("Larmor " + maker.pipeline, 64));
  root.text(DCM_DeviceSerialNumber, plain_words(maker.weights.empty() ? "none" : maker.weights, 64));
  root.text(DCM_SoftwareVersions, plain_words(maker.version, 64));
  root.copy(example, DCM_InstitutionName);
  root.text(DCM_SOPClassUID, kind.sop_class);
  root.text(DCM_SOPInstanceUID, id.instance.str());
  root.text(DCM_InstanceCreationDate, id.date);
  root.text(DCM_InstanceCreationTime, id.time);
  root.text(DCM_ContentDate, id.date);
  root.text(DCM_ContentTime, id.time);
  write_contributors(root, example);
}

void write_contributors(Item root, DcmItem& example) {
  static constexpr imaging::Code kAcquisition{"109101", "DCM", "Acquisition Equipment"};
  root.copy(example, DCM_ContributingEquipmentSequence);
  Item scanner = root.item(DCM_ContributingEquipmentSequence);
  scanner.code(DCM_PurposeOfReferenceCodeSequence, kAcquisition);
  if (text_of(example, DCM_Manufacturer).empty())
    scanner.text(DCM_Manufacturer, "unknown");
  else
    scanner.copy(example, DCM_Manufacturer);
  for (const auto& tag :
       {DCM_InstitutionName, DCM_StationName, DCM_ManufacturerModelName, DCM_DeviceSerialNumber, DCM_SoftwareVersions})
    if (!text_of(example, tag).empty()) scanner.copy(example, tag);
}

void write_lossiness(Item root, DcmItem& example) {
  if (text_of(example, DCM_LossyImageCompression) != "01") {
    root.text(DCM_LossyImageCompression, "00");
    return;
  }
  for (const auto& tag : {DCM_LossyImageCompression, DCM_LossyImageCompressionRatio, DCM_LossyImageCompressionMethod})
    root.copy(example, tag);
}

void write_instances(Item parent, const DcmTagKey& sequence, const SourceSeries& source, const imaging::Code* purpose) {
  std::set<std::string> seen;
  for (const auto& slice : source.slices) {
    if (!seen.insert(slice.instance.str()).second) continue;
    Item reference = parent.item(sequence);
    reference.text(DCM_ReferencedSOPClassUID, slice.sop_class.str());
    reference.text(DCM_ReferencedSOPInstanceUID, slice.instance.str());
    if (purpose) reference.code(DCM_PurposeOfReferenceCodeSequence, *purpose);
  }
}

}  // namespace larmor::dicom
