#include "app/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace larmor::app {

void print_table(const std::vector<std::string>& heading, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& word : heading) widths.push_back(word.size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  const auto print_row = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i)
      if (i + 1 < row.size())
        fmt::print("{:<{}}  ", row[i], widths[i]);
      else
        fmt::print("{}\n", row[i]);
  };
  print_row(heading);
  for (const auto& row : rows) print_row(row);
}

}  // namespace larmor::app
