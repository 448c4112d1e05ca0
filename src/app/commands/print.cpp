#include <cstdio>

#include "app/commands.h"
#include "app/conformance.h"
#include "app/wiring.h"
#include "net/openapi.h"

namespace larmor::app {

Result<int> print_settings(bool schema) {
  fmt::print("{}", schema ? settings_schema().dump(2) + "\n" : sample_file());
  return 0;
}

Result<int> print_openapi() {
  fmt::print("{}\n", openapi_document().dump(2));
  return 0;
}

Result<int> print_conformance() {
  fmt::print("{}", conformance_statement());
  return 0;
}

}  // namespace larmor::app
