#pragma once
/// The identifier of a C-FIND that came in as a question, and sets of attributes as identifiers of its answers (PS3.4
/// C.4.1). Internal to dicom/dimse.
#include <string>

#include "base/id.h"
#include "base/result.h"
#include "dicom/query/query.h"

namespace larmor::dimse {

struct Asked {
  dicom::Query query;
  bool patients = false;           ///< the level of the patient: one answer for each
  bool left_out = false;           ///< a key that we do not match was given: the answers say so (status FF01)
  std::string level;               ///< as it was asked, for the answers
  std::vector<dicom::Key> wanted;  ///< everything in the identifier, in its order: what answers hold
};

/// `patient_root`: the level PATIENT exists. `invalid` names the attribute.
Result<Asked> read_question(const std::string& bytes, const TransferSyntaxUid&, bool patient_root);

/// The set as the data set of one answer. `title`: where it can be retrieved from, (0008,0054).
Result<std::string> write_answer(const Asked&, const Json& set, const AeTitle& title, const TransferSyntaxUid&);

}  // namespace larmor::dimse
