#include "services/processing/brain/person.h"

#include <gmock/gmock.h>

namespace larmor::processing::brain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

dicom::SourcePatient patient(std::string age, std::string birth, std::string sex) {
  dicom::SourcePatient out;
  out.age = std::move(age);
  out.birth_date = std::move(birth);
  out.sex = std::move(sex);
  return out;
}

TEST(Person, IsTakenFromWhatWasTyped) {
  const auto both = typed_person("71", "F");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->age, 71);
  EXPECT_EQ(both->sex, Sex::female);
  const auto none = typed_person("", "");
  EXPECT_FALSE(none->age || none->sex);
  EXPECT_EQ(typed_person("0.5", "M")->age, 0.5);
}

TEST(Person, RefusesWhatIsNoAgeOrNoSexAndNamesTheOption) {
  for (const auto* age : {"-3", "131", "old", "71y", "nan", "inf", "7e9"}) {
    const auto wrong = typed_person(age, "F");
    ASSERT_FALSE(wrong) << age;
    EXPECT_EQ(wrong.error().code, Code::invalid);
    EXPECT_EQ(wrong.error().field, "--age");
    EXPECT_THAT(wrong.error().what, HasSubstr(age));
  }
  EXPECT_EQ(typed_person("71", "X").error().field, "--sex");
}

TEST(Person, HasDicomsAgeElseTheTimeFromBirthToStudy) {
  EXPECT_EQ(person_of(patient("071Y", "19000101", "F"), "20261101").age, 71);
  EXPECT_DOUBLE_EQ(*person_of(patient("018M", "", ""), "").age, 1.5);
  EXPECT_NEAR(*person_of(patient("026W", "", ""), "").age, 0.5, 0.01);
  EXPECT_NEAR(*person_of(patient("", "19551101", "M"), "20261101").age, 71, 0.01);
  EXPECT_EQ(person_of(patient("", "19551101", "M"), "20261101").sex, Sex::male);
}

TEST(Person, IsWithoutAgeOrSexWhereDicomHasNoneOrNonsenseAndSaysSo) {
  const auto nothing = person_of(patient("", "", ""), "20261101");
  EXPECT_FALSE(nothing.age || nothing.sex);
  EXPECT_THAT(nothing.notes, IsEmpty());
  const auto nonsense = person_of(patient("7Y", "19551301", "X"), "20261101");
  EXPECT_FALSE(nonsense.age || nonsense.sex);
  EXPECT_THAT(nonsense.notes, ElementsAre(HasSubstr("PatientAge"), HasSubstr("PatientSex")));
  const auto future = person_of(patient("", "20300101", "F"), "20261101");
  EXPECT_FALSE(future.age);
  EXPECT_THAT(future.notes, ElementsAre(HasSubstr("birth date")));
  EXPECT_NEAR(*person_of(patient("000Y", "19551101", "O"), "20261101").age, 71, 0.01);
}

}  // namespace
}  // namespace larmor::processing::brain
