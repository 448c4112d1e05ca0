#pragma once
/// The storage of another process, over REST: the same contract. Objects are read in pieces, as they are asked for.
#include "net/client.h"
#include "services/storage/storage.h"

namespace larmor::storage {

std::unique_ptr<Storage> connect(std::shared_ptr<net::Client>);

}  // namespace larmor::storage
