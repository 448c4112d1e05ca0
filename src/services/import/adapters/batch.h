#pragma once
/// Takes the objects of a multipart body into storage, one after another, as they come: whole ones, or metadata with
/// bulk data (described.h).
#include "services/import/import.h"
#include "services/storage/storage.h"

namespace larmor::importing {

/// `most_waiting`: bytes of bulk data that wait for the rest of their objects.
Result<StoreReport> take_batch(const Batch&, ByteSource& body, const storage::Origin&, std::uint64_t most_waiting,
                               storage::Storage&, const Call&);

}  // namespace larmor::importing
