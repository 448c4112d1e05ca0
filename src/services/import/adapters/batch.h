#pragma once
/// Takes the objects of a multipart body into storage, one after another, as they come.
#include "services/import/import.h"
#include "services/storage/storage.h"

namespace larmor::importing {

Result<StoreReport> take_batch(const Batch&, ByteSource& body, const storage::Origin&, storage::Storage&, const Call&);

}  // namespace larmor::importing
