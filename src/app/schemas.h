#pragma once
/// The schemas of api/schemas, built into the program.
#include <map>
#include <string>

#include "base/json.h"

namespace larmor::app {

/// Name ("StudyPage") to JSON schema.
std::map<std::string, Json> schemas();

}  // namespace larmor::app
