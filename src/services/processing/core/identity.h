#pragma once
/// Are two studies of one and the same patient, by what they say of the patient? A wrong PatientID must not fool
/// anybody silently.
///
/// Pure. No answer repeats what the studies say: it ends in the event log.
#include <optional>
#include <string>
#include <string_view>

namespace larmor::processing {

/// As the studies have it, in UTF-8; empty where they do not say.
struct Identity {
  std::string id, issuer;  ///< PatientID, IssuerOfPatientID
  std::string name;        ///< PN, with = and ^
  std::string birth_date;  ///< YYYYMMDD
  std::string sex;
};

/// Nothing where they may be taken for one patient: same PatientID, and whatever of issuer, birth date and sex both
/// know agrees, and the family names agree; where neither has a name, the birth date must be known to both. Otherwise
/// what speaks against it, as "has another birth date".
std::optional<std::string> why_another_patient(const Identity& now, const Identity& earlier);

/// Lower case, without accents, blanks and signs: "van_der Müller" and "VAN DER MULLER" are one. Latin, Greek and
/// Cyrillic letters; others stay as they are.
std::string plain_name(std::string_view);

}  // namespace larmor::processing
