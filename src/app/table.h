#pragma once
/// How commands print rows for people: aligned columns with a heading, on standard output.
#include <string>
#include <vector>

namespace larmor::app {

/// The last column is not padded.
void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows);

}  // namespace larmor::app
