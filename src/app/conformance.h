#pragma once
/// The DICOM conformance statement (PS3.2), printed from the tables that the code itself uses.
#include <string>

namespace larmor::app {

/// Markdown; docs/conformance/README.md holds it, and a contract test holds the two together.
std::string conformance_statement();

}  // namespace larmor::app
