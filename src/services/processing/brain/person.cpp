#include "services/processing/brain/person.h"

#include "base/number.h"
#include "base/text.h"

namespace larmor::processing::brain {
namespace {

constexpr double kDaysPerYear = 365.2425;
constexpr double kOldest = 130;  // years; more is a slip

/// DICOM's AS: three digits and a unit.
std::optional<double> years_of(std::string_view age) {
  if (age.size() != 4) return std::nullopt;
  const auto count = to_number<unsigned>(age.substr(0, 3));
  if (!count) return std::nullopt;
  switch (age[3]) {
    case 'Y':
      return *count;
    case 'M':
      return *count / 12.0;
    case 'W':
      return *count * 7 / kDaysPerYear;
    case 'D':
      return *count / kDaysPerYear;
    default:
      return std::nullopt;
  }
}

std::optional<double> between(const std::string& birth, const std::string& study) {
  const auto from = day_of(birth), to = day_of(study);
  if (!from || !to) return std::nullopt;
  return static_cast<double>((*to - *from).count()) / kDaysPerYear;
}

bool is_possible(std::optional<double> age) {
  return age && *age >= 0 && *age <= kOldest;
}

}  // namespace

Result<Person> typed_person(const std::string& age, const std::string& sex) {
  Person out;
  if (!age.empty()) {
    out.age = to_number<double>(age);
    if (!is_possible(out.age))
      return fail_with(
          {Code::invalid, fmt::format("'{}' is no age: expected years from 0 to {:g}", age, kOldest), "", "--age"});
  }
  if (!sex.empty()) {
    if (sex != "F" && sex != "M")
      return fail_with({Code::invalid, fmt::format("'{}' is no sex that the norm knows: expected F or M", sex),
                        "Leave --sex away for volumes without centiles.", "--sex"});
    out.sex = sex == "F" ? Sex::female : Sex::male;
  }
  return out;
}

Person person_of(const dicom::SourcePatient& patient, const std::string& study_date) {
  Person out;
  const std::string age(trim(patient.age)), birth(trim(patient.birth_date)), sex(trim(patient.sex));
  out.age = years_of(age);
  // Scanners write 000Y where nobody gave an age.
  if (!is_possible(out.age) || age == "000Y") {
    if (!age.empty()) out.notes.push_back("the file's PatientAge is no age and was not used");
    out.age = between(birth, std::string(trim(study_date)));
    if (out.age && !is_possible(out.age)) {
      out.notes.push_back("birth date and study date make no possible age and were not used");
      out.age = std::nullopt;
    }
  }
  if (sex == "F" || sex == "M") {
    out.sex = sex == "F" ? Sex::female : Sex::male;
  } else if (!sex.empty()) {
    out.notes.push_back("the file's PatientSex is neither F nor M, which the norm knows");
  }
  return out;
}

}  // namespace larmor::processing::brain
