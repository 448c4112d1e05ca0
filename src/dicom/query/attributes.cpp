#include "dicom/query/attributes.h"

#include "base/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace larmor::dicom {
namespace {

using enum Level;
using M = Matching;
constexpr Tag kRequests = 0x00400275;

constexpr std::array kRows = {
    Attribute{0x00080005, "SpecificCharacterSet", "CS", study, M::none, true},
    Attribute{0x00080020, "StudyDate", "DA", study, M::date, true},
    Attribute{0x00080030, "StudyTime", "TM", study, M::time, true},
    Attribute{0x00080050, "AccessionNumber", "SH", study, M::text, true},
    Attribute{0x00080056, "InstanceAvailability", "CS", study, M::none, true},
    Attribute{0x00080061, "ModalitiesInStudy", "CS", study, M::text, true},
    Attribute{0x00080062, "SOPClassesInStudy", "UI", study, M::uids, false},
    Attribute{0x00080080, "InstitutionName", "LO", study, M::text, false},
    Attribute{0x00080090, "ReferringPhysicianName", "PN", study, M::name, true},
    Attribute{0x00080201, "TimezoneOffsetFromUTC", "SH", study, M::text, true},
    Attribute{0x00081030, "StudyDescription", "LO", study, M::text, false},
    Attribute{0x00081190, "RetrieveURL", "UR", study, M::none, true},
    Attribute{0x00100010, "PatientName", "PN", study, M::name, true},
    Attribute{0x00100020, "PatientID", "LO", study, M::text, true},
    Attribute{0x00100021, "IssuerOfPatientID", "LO", study, M::text, false},
    Attribute{0x00100030, "PatientBirthDate", "DA", study, M::date, true},
    Attribute{0x00100040, "PatientSex", "CS", study, M::text, true},
    Attribute{0x00101010, "PatientAge", "AS", study, M::text, false},
    Attribute{0x0020000D, "StudyInstanceUID", "UI", study, M::uids, true},
    Attribute{0x00200010, "StudyID", "SH", study, M::text, true},
    Attribute{0x00201206, "NumberOfStudyRelatedSeries", "IS", study, M::none, true},
    Attribute{0x00201208, "NumberOfStudyRelatedInstances", "IS", study, M::none, true},
    Attribute{0x00080060, "Modality", "CS", series, M::text, true},
    Attribute{0x00080070, "Manufacturer", "LO", series, M::text, false},
    Attribute{0x0008103E, "SeriesDescription", "LO", series, M::text, true},
    Attribute{0x00081090, "ManufacturerModelName", "LO", series, M::text, false},
    Attribute{0x00180015, "BodyPartExamined", "CS", series, M::text, false},
    Attribute{0x00181030, "ProtocolName", "LO", series, M::text, false},
    Attribute{0x0020000E, "SeriesInstanceUID", "UI", series, M::uids, true},
    Attribute{0x00200011, "SeriesNumber", "IS", series, M::number, true},
    Attribute{0x00200060, "Laterality", "CS", series, M::text, false},
    Attribute{0x00201209, "NumberOfSeriesRelatedInstances", "IS", series, M::none, true},
    Attribute{0x00400244, "PerformedProcedureStepStartDate", "DA", series, M::date, true},
    Attribute{0x00400245, "PerformedProcedureStepStartTime", "TM", series, M::time, true},
    Attribute{kRequests, "RequestAttributesSequence", "SQ", series, M::sequence, true},
    Attribute{0x00400009, "ScheduledProcedureStepID", "SH", series, M::text, true, kRequests},
    Attribute{0x00401001, "RequestedProcedureID", "SH", series, M::text, true, kRequests},
    Attribute{0x00080016, "SOPClassUID", "UI", instance, M::uids, true},
    Attribute{0x00080018, "SOPInstanceUID", "UI", instance, M::uids, true},
    Attribute{0x00083002, "AvailableTransferSyntaxUID", "UI", instance, M::uids, false},
    Attribute{0x00200013, "InstanceNumber", "IS", instance, M::number, true},
    Attribute{0x00280008, "NumberOfFrames", "IS", instance, M::number, true},
    Attribute{0x00280010, "Rows", "US", instance, M::number, true},
    Attribute{0x00280011, "Columns", "US", instance, M::number, true},
    Attribute{0x00280100, "BitsAllocated", "US", instance, M::number, true},
};

constexpr std::array<std::string_view, 3> kLevels = {"study", "series", "instance"};
constexpr std::array<std::string_view, 8> kMatching = {"none", "uids", "text",   "name",
                                                       "date", "time", "number", "sequence"};

}  // namespace

std::string_view name(Level level) {
  return kLevels[static_cast<std::size_t>(level)];
}

std::string_view name(Matching matching) {
  return kMatching[static_cast<std::size_t>(matching)];
}

std::span<const Attribute> attributes() {
  return kRows;
}

const Attribute* find_attribute(Tag tag) {
  return find_attribute(0, tag);
}

const Attribute* find_attribute(Tag sequence, Tag tag) {
  const auto* found = std::find_if(kRows.begin(), kRows.end(),
                                   [&](const auto& row) { return row.tag == tag && row.inside == sequence; });
  return found == kRows.end() ? nullptr : found;
}

const Attribute* find_attribute(std::string_view name, Tag sequence) {
  if (const auto tag = to_number<Tag>(name, 16); tag && name.size() == 8) return find_attribute(sequence, *tag);
  const auto* found = std::find_if(kRows.begin(), kRows.end(),
                                   [&](const auto& row) { return row.keyword == name && row.inside == sequence; });
  return found == kRows.end() ? nullptr : found;
}

std::string hex(Tag tag) {
  return fmt::format("{:08X}", tag);
}

}  // namespace larmor::dicom
