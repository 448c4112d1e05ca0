#pragma once
/// Pictures of frames, and thumbnails of anything that has an image (PS3.18 10.4.1.1.3, 10.4.1.1.4).
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// Of the frames in the path, or of the one that stands for the instance.
Result<net::Response> rendered(Storage&, const net::Request&);
/// Of every object of a study or a series that is an image. `not_found` when nothing of it is, `too_large` past 5000.
Result<net::Response> rendered_images(Storage&, const net::Request&);
/// Of a study, a series, an instance or a frame. `not_found` when nothing of it is an image.
Result<net::Response> thumbnail(Storage&, const net::Request&);

}  // namespace larmor::storage
