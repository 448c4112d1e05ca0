#pragma once
/// The digest of an object: xxh3-128 (XXH3, canonical form) as 32 hexadecimal digits. Finds damage and tells objects
/// apart; it is no defence against a forger.
#include <memory>
#include <string>

#include "base/bytes.h"

namespace larmor::storage {

std::string digest_of(Bytes);

/// The same, piece by piece.
class Digest {
 public:
  Digest();
  void add(Bytes);
  std::string finish() const;

 private:
  struct Free {
    void operator()(void*) const;
  };
  std::unique_ptr<void, Free> state_;
};

}  // namespace larmor::storage
