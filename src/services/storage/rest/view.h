#pragma once
/// How a caller wants to see an image (PS3.18 8.3.5.1): the parameters of rendered images and thumbnails.
#include "dicom/codec/render.h"
#include "net/http.h"

namespace larmor::storage {

struct WantedView {
  dicom::View view;
  int quality = 90;
};

/// Rows for the routes, since the same words are read here.
std::vector<net::Parameter> view_parameters();

/// `invalid` names the parameter.
Result<WantedView> wanted_view(const net::Request&);

}  // namespace larmor::storage
