#include "services/workflow/core/privacy.h"

#include <algorithm>
#include <array>

namespace larmor::workflow {
namespace {

// Values that are a person's own, or free text into which anything may have been typed.
constexpr std::array<std::string_view, 9> kPrivateKinds = {"PN", "DA", "DT", "TM", "LT", "ST", "UT", "UR", "UN"};

// Attributes of other kinds that PS3.15, table E.1-1, takes out or replaces.
constexpr std::array<std::uint32_t, 20> kPrivateTags = {
    0x00080050,  // AccessionNumber
    0x00080080,  // InstitutionName
    0x00080092,  // ReferringPhysicianAddress
    0x00080094,  // ReferringPhysicianTelephoneNumbers
    0x00081010,  // StationName
    0x00081040,  // InstitutionalDepartmentName
    0x00080018,  // SOPInstanceUID
    0x0020000D,  // StudyInstanceUID
    0x0020000E,  // SeriesInstanceUID
    0x00200052,  // FrameOfReferenceUID
    0x00200010,  // StudyID
    0x00181000,  // DeviceSerialNumber
    0x00181004,  // PlateID
    0x00321033,  // RequestingService
    0x00380010,  // AdmissionID
    0x00380300,  // CurrentPatientLocation
    0x00380400,  // PatientInstitutionResidence
    0x00400241,  // PerformedStationAETitle
    0x00400253,  // PerformedProcedureStepID
    0x00402017,  // FillerOrderNumberImagingServiceRequest
};

// Of the patient group, what says little about who it is and much about which rule fits.
constexpr std::array<std::uint32_t, 4> kHarmlessOfPatient = {0x00100040, 0x00101010, 0x00101020, 0x00101030};

template <class List, class Value>
bool has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

bool withheld(std::uint32_t tag, std::string_view vr) {
  if (has(kPrivateKinds, vr) || has(kPrivateTags, tag)) return true;
  return tag >> 16 == 0x0010 && !has(kHarmlessOfPatient, tag);
}

}  // namespace larmor::workflow
