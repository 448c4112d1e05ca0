#pragma once
/// Routes of the program itself, beside those of its services: is it up, what is it, how is it set up, what is wrong.
#include <functional>
#include <map>
#include <vector>

#include "base/json.h"
#include "net/http.h"

namespace larmor::app {

/// What the program knows of itself.
struct Self {
  Json about;                          ///< what /v1/version answers (api/schemas/version.json)
  Json settings;                       ///< every setting (api/schemas/setting_list.json); read once, at the start
  std::function<Json()> examine = {};  ///< looks for what is wrong, now (api/schemas/examination.json)
  std::function<Json(const std::map<std::string, std::string>&)> check = {};  ///< what other settings would be wrong
};

std::vector<net::Route> own_routes(Self);

}  // namespace larmor::app
