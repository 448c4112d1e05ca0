#include "report/table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "base/text.h"
#include "imaging/structures.h"

namespace larmor::report {
namespace {

/// Left or midline ids, in reading order.
struct Group {
  std::string_view title;
  std::array<int, 7> ids;
};
constexpr std::array kGroups = {
    Group{"Cerebrum", {3, 2}},
    Group{"Medial temporal lobe", {17, 18}},
    Group{"Deep grey matter", {10, 11, 12, 13, 26, 28}},
    Group{"Ventricles and fluid", {4, 5, 14, 15, 24}},
    Group{"Posterior fossa", {8, 7, 16}},
};

const VolumeRow* find(const Findings& f, int id) {
  const auto at =
      std::find_if(f.volumes.begin(), f.volumes.end(), [&](const VolumeRow& v) { return v.structure == id; });
  return at == f.volumes.end() ? nullptr : &*at;
}

std::optional<TableRow> row_of(const Findings& f, int id) {
  const auto* structure = imaging::structure(id);
  if (!structure) return std::nullopt;
  const auto *left = find(f, id), *right = structure->partner ? find(f, structure->partner) : nullptr;
  if (!left && !right) return std::nullopt;
  TableRow row;
  row.name = capitalised(structure->name);
  row.structure = id;
  row.total = (left ? left->ml : 0) + (right ? right->ml : 0);
  if (structure->partner) {
    if (left) row.left = left->ml;
    if (right) row.right = right->ml;
    if (left && right && row.total > 0) row.asymmetry = 100 * (left->ml - right->ml) / (row.total / 2);
  }
  if (f.intracranial_ml && *f.intracranial_ml > 0) row.percent = 100 * row.total / *f.intracranial_ml;
  return row;
}

}  // namespace

std::string date_words(const std::string& dicom) {
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const bool digits = std::all_of(dicom.begin(), dicom.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (dicom.size() != 8 || !digits) return dicom;
  const int month = std::stoi(dicom.substr(4, 2));
  if (month < 1 || month > 12) return dicom;
  return fmt::format("{} {} {}", std::stoi(dicom.substr(6)), kMonths[static_cast<std::size_t>(month - 1)],
                     dicom.substr(0, 4));
}

std::string capitalised(std::string_view name) {
  std::string text(name);
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::vector<TableGroup> tabulate(const Findings& findings) {
  std::vector<TableGroup> groups;
  for (const auto& group : kGroups) {
    TableGroup out{group.title, {}};
    for (const int id : group.ids)
      if (id > 0)
        if (auto row = row_of(findings, id)) out.rows.push_back(std::move(*row));
    if (!out.rows.empty()) groups.push_back(std::move(out));
  }
  return groups;
}

Sums add_up(const Findings& findings) {
  Sums sums;
  for (const auto& v : findings.volumes) {
    if (imaging::is_tissue(v.structure)) sums.brain += v.ml;
    if (imaging::is_ventricle(v.structure)) sums.ventricles += v.ml;
    if (v.structure == 17 || v.structure == 53) sums.hippocampi += v.ml;
  }
  return sums;
}

std::string readable_name(std::string_view person_name) {
  const auto groups = split(person_name, '=');
  std::string text;
  for (std::size_t g = 0; g < std::min<std::size_t>(groups.size(), 2); ++g) {
    const auto parts = split(groups[g], '^');
    std::string name;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto part = trim(parts[i]);
      if (part.empty()) continue;
      // A comma sets the family name apart in letters, a space does in ideographs.
      if (!name.empty()) name += i == 1 && g == 0 ? ", " : " ";
      name += part;
    }
    if (!name.empty()) text += text.empty() ? name : " (" + name + ")";
  }
  return text;
}

std::string signed_number(double value, int decimals) {
  return fmt::format("{}{:.{}f}", value < 0 ? "−" : "+", std::abs(value), decimals);
}

std::string three_figures(double value) {
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

}  // namespace larmor::report
