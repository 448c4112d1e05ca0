#pragma once
/// What callers are offered besides verification and storage. The acceptor decides by these rows, and the conformance
/// statement is printed from them.
#include <array>
#include <string_view>

#include "dicom/dimse/command.h"

namespace larmor::dimse {

inline constexpr std::string_view kPatientRootFind = "1.2.840.10008.5.1.4.1.2.1.1";
inline constexpr std::string_view kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
inline constexpr std::string_view kPatientRootMove = "1.2.840.10008.5.1.4.1.2.1.2";
inline constexpr std::string_view kStudyRootMove = "1.2.840.10008.5.1.4.1.2.2.2";
inline constexpr std::string_view kPatientRootGet = "1.2.840.10008.5.1.4.1.2.1.3";
inline constexpr std::string_view kStudyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";
inline constexpr std::string_view kStorageCommitment = "1.2.840.10008.1.20.1";

struct Offered {
  std::string_view service, role;
  std::string_view sop_class;
  Field request;
  bool patients = false;  ///< the model has the level of the patient (PS3.4 C.6.1)
};

inline constexpr std::array kOffered = {
    Offered{"query (C-FIND), study root", "SCP, SCU", kStudyRootFind, Field::find_request},
    Offered{"query (C-FIND), patient root", "SCP", kPatientRootFind, Field::find_request, true},
    Offered{"retrieve (C-MOVE), study root", "SCP, SCU", kStudyRootMove, Field::move_request},
    Offered{"retrieve (C-MOVE), patient root", "SCP", kPatientRootMove, Field::move_request, true},
    Offered{"retrieve (C-GET), study root", "SCP", kStudyRootGet, Field::get_request},
    Offered{"retrieve (C-GET), patient root", "SCP", kPatientRootGet, Field::get_request, true},
    Offered{"storage commitment (N-ACTION, N-EVENT-REPORT), push model", "SCP", kStorageCommitment,
            Field::action_request},
};

/// nullptr where it is none of them.
inline const Offered* find_offered(std::string_view sop_class) {
  for (const auto& row : kOffered)
    if (row.sop_class == sop_class) return &row;
  return nullptr;
}

}  // namespace larmor::dimse
