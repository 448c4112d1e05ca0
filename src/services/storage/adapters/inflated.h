#pragma once
/// An object as its values are read: a deflated one is inflated into memory, any other is the object itself.
#include "services/storage/storage.h"

namespace larmor::storage {

/// `corrupt` where a deflated data set breaks off, `too_large` where it has more than 256 MiB.
Result<std::unique_ptr<Object>> inflated(std::unique_ptr<Object>, const TransferSyntaxUid&);

}  // namespace larmor::storage
