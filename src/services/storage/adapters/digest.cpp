#include "services/storage/adapters/digest.h"

#include <xxhash.h>

namespace larmor::storage {
namespace {

std::string hex(XXH128_hash_t hash) {
  return fmt::format("{:016x}{:016x}", static_cast<std::uint64_t>(hash.high64), static_cast<std::uint64_t>(hash.low64));
}
XXH3_state_t* state_of(void* state) {
  return static_cast<XXH3_state_t*>(state);
}

}  // namespace

std::string digest_of(Bytes bytes) {
  return hex(XXH3_128bits(bytes.data(), bytes.size()));
}

void Digest::Free::operator()(void* state) const {
  XXH3_freeState(state_of(state));
}

Digest::Digest() : state_(XXH3_createState()) {
  XXH3_128bits_reset(state_of(state_.get()));
}

void Digest::add(Bytes bytes) {
  XXH3_128bits_update(state_of(state_.get()), bytes.data(), bytes.size());
}

std::string Digest::finish() const {
  return hex(XXH3_128bits_digest(state_of(state_.get())));
}

}  // namespace larmor::storage
