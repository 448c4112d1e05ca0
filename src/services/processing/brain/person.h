#pragma once
/// Whom the head belongs to, as far as a norm asks: age and sex.
///
/// Plain values, pure.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "dicom/data/date.h"
#include "dicom/series/source.h"

namespace larmor::processing::brain {

enum class Sex { female, male };

struct Person {
  std::optional<double> age;  ///< years
  std::optional<Sex> sex;
  std::vector<std::string> notes;  ///< what was written but could not be used, one sentence each
};

using dicom::day_of;

/// What a person typed: "71" or "0.5" years; "F" or "M". Empty is not known. `invalid` names the option.
Result<Person> typed_person(const std::string& age, const std::string& sex);

/// What DICOM says: PatientAge (PS3.5 6.2, AS: 071Y), else from PatientBirthDate to StudyDate; PatientSex. What is no
/// age or no sex counts as absent, with a note; notes never repeat what was written, for they end in the event log.
Person person_of(const dicom::SourcePatient&, const std::string& study_date);

}  // namespace larmor::processing::brain
