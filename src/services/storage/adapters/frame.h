#pragma once
/// Takes one frame out of a stored object, for those who decode it.
#include "dicom/codec/frame.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// `number`: from 0. Failures: those of pixel_data(), `not_found` (no such frame), `too_large` (over 512 MiB).
Result<dicom::Frame> frame_of(Object&, const InstanceRow&, std::size_t number);

/// From 0: the one that stands for the object (0028,6010), otherwise the middle one.
Result<std::size_t> representative_frame(Object&, const InstanceRow&);

}  // namespace larmor::storage
