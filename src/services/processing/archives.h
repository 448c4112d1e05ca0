#pragma once
/// Where a patient's earlier studies may be asked for.
#include <map>

#include "dicom/dimse/peer.h"

namespace larmor::processing {

struct Archives {
  std::map<std::string, dimse::Peer> known;  ///< by the names that rules use
  AeTitle own{"LARMOR"};                     ///< to which they send what is asked for: that of import
};

}  // namespace larmor::processing
