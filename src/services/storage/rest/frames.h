#pragma once
/// Frames and pixel data as they are stored, or in a transfer syntax that the caller prefers
/// (PS3.18 10.4.1.1.6, 8.7.3.3).
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// "1,3,2"; every number from 1.
Result<std::vector<std::size_t>> numbers_of(const std::string& list, std::size_t frames);

Result<net::Response> frames(Storage&, const net::Request&);
/// The pixel data that metadata refers to: whole, or a part for each compressed frame.
Result<net::Response> bulk_data(Storage&, const net::Request&);

}  // namespace larmor::storage
