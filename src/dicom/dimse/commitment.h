#pragma once
/// Storage commitment, push model (PS3.4 annex J): a sender asks whether what it sent is safe here, and is told. Plain
/// values, so that a decision about them needs no network.
#include <cstdint>
#include <string>
#include <vector>

#include "base/id.h"

namespace larmor::dimse {

/// One object by its class and its own UID.
struct Reference {
  SopClassUid sop_class;
  SopUid instance;
};

struct Commitment {
  static constexpr std::size_t kMost = 10'000;  ///< objects of one request
  std::string transaction;                      ///< UID
  std::vector<Reference> objects;
};

/// PS3.3 C.14.1.1.
enum class Reason : std::uint16_t { processing_failure = 0x0110, no_such_instance = 0x0112, class_conflict = 0x0119 };

struct CommitmentReport {
  struct Failed {
    Reference object;
    Reason reason;
  };
  std::string transaction;
  std::vector<Reference> committed;
  std::vector<Failed> failed;
};

}  // namespace larmor::dimse
