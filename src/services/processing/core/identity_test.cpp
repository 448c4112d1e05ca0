#include "services/processing/core/identity.h"

#include <gtest/gtest.h>

namespace larmor::processing {
namespace {

const Identity kDoe{"4711", "HOSPITAL", "Doe^Jane", "19500203", "F"};

struct Row {
  const char* promise;
  Identity earlier;
  const char* why;  ///< empty: the same patient
};

TEST(Identity, IsTakenForTheSameOnlyWhereNothingThatBothKnowSpeaksAgainstIt) {
  const Row rows[] = {
      {"the same", kDoe, ""},
      {"blanks around the ID", {" 4711 ", "HOSPITAL", "Doe^Jane", "19500203", "F"}, ""},
      {"case and accents", {"4711", "HOSPITAL", "DÖE^J", "19500203", "F"}, ""},
      {"no issuer, no birth date, no sex", {"4711", "", "Doe^Jane", "", ""}, ""},
      {"a name that was not split", {"4711", "", "DOE JANE", "19500203", ""}, ""},
      {"another first name", {"4711", "", "Doe^Jenny", "19500203", "F"}, ""},
      {"another ID", {"4712", "HOSPITAL", "Doe^Jane", "19500203", "F"}, "has another PatientID"},
      {"another issuer", {"4711", "PRACTICE", "Doe^Jane", "19500203", "F"}, "has a PatientID of another issuer"},
      {"another birth date", {"4711", "HOSPITAL", "Doe^Jane", "19500302", "F"}, "has another birth date"},
      {"another sex", {"4711", "HOSPITAL", "Doe^Jane", "19500203", "M"}, "has another sex"},
      {"another family name", {"4711", "HOSPITAL", "Roe^Jane", "19500203", "F"}, "has another family name"},
      {"no name", {"4711", "HOSPITAL", "", "19500203", "F"}, "has no patient's name"},
      {"a name of signs alone", {"4711", "HOSPITAL", "^^", "19500203", "F"}, "has no patient's name"},
  };
  for (const auto& row : rows) EXPECT_EQ(why_another_patient(kDoe, row.earlier).value_or(""), row.why) << row.promise;
}

TEST(Identity, WithoutNamesNeedsTheBirthDateOfBoth) {
  EXPECT_FALSE(why_another_patient({"1", "", "", "19500203", ""}, {"1", "", "", "19500203", ""}));
  EXPECT_TRUE(why_another_patient({"1", "", "", "19500203", ""}, {"1", "", "", "", ""}));
  EXPECT_TRUE(why_another_patient({"", "", "Doe", "19500203", ""}, {"", "", "Doe", "19500203", ""}));
}

TEST(Identity, NeverRepeatsWhatTheStudiesSay) {
  const auto why = why_another_patient(kDoe, {"4711", "HOSPITAL", "Doe^Jane", "19500302", "F"});
  EXPECT_EQ(why->find("1950"), std::string::npos);
}

TEST(Names, AreComparedWithoutCaseAccentsAndSigns) {
  EXPECT_EQ(plain_name("van_der Müller-Lüdenscheidt"), "vandermullerludenscheidt");
  EXPECT_EQ(plain_name("O'BRIEN"), plain_name("O’Brien"));
  EXPECT_EQ(plain_name("Straße"), "strasse");
  EXPECT_EQ(plain_name("ŁUKASIŃSKA"), "lukasinska");
  EXPECT_EQ(plain_name("Mu\u0308ller"), "muller");
  EXPECT_EQ(plain_name("ИВАНОВ"), plain_name("иванов"));
  EXPECT_EQ(plain_name("ΔΗΜΟΣ"), plain_name("Δήμος"));
  EXPECT_EQ(plain_name("山田"), "山田");
  EXPECT_EQ(plain_name("M\xFCller\xC3"), "mullera") << "no UTF-8";
}

}  // namespace
}  // namespace larmor::processing
