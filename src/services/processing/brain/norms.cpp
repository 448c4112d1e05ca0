#include "services/processing/brain/norms.h"

#include <cmath>

#include "base/file.h"
#include "base/number.h"
#include "base/text.h"

namespace larmor::processing::brain {
namespace {

constexpr double kMeanAge = 54.960, kMeanEtiv = 1523160.59;  // where NOMIS' terms are centred: years, mm3
// Head sizes of adults, in mm3. NOMIS does not print its range; beyond this its cubic terms have seen nobody.
constexpr double kSmallestHead = 1.0e6, kLargestHead = 2.2e6;
constexpr const char* kIntracranial = "intracranial";

struct Table {
  std::vector<std::string> comments;           ///< without "# "
  std::vector<std::vector<std::string>> rows;  ///< without the header
};

Result<Table> read_table(const std::filesystem::path& file, std::size_t columns) {
  Table out;
  bool header = true;
  const auto text = TRY(read_file(file, 1 << 20));
  for (const auto& line : split(text, '\n')) {
    if (line.starts_with("# ")) {
      out.comments.push_back(line.substr(2));
    } else if (!line.empty() && !std::exchange(header, false)) {
      out.rows.push_back(split(line, ','));
      if (out.rows.back().size() != columns)
        return fail(Code::corrupt, "{} has {} values in '{}', expected {}", file.string(), out.rows.back().size(), line,
                    columns);
    }
  }
  return out;
}

Result<double> number(const std::string& text) {
  const auto value = to_number<double>(text);
  if (!value) return fail(Code::corrupt, "'{}' in a table of norms is no number", text);
  return *value;
}

Result<Norm> norm_of(const std::vector<std::string>& row) {
  Norm out;
  out.id = int(TRY(number(row[0])));
  out.name = row[1];
  out.logarithmic = TRY(number(row[2])) != 0;
  out.intercept = TRY(number(row[3]));
  for (std::size_t i = 0; i < out.terms.size(); ++i) out.terms[i] = TRY(number(row[4 + i]));
  out.scanner = TRY(number(row[14]));
  out.scanner_sd = TRY(number(row[15]));
  out.mse = TRY(number(row[16]));
  if (out.mse <= 0) return fail(Code::corrupt, "the norm of {} has no spread", out.name);
  return out;
}

std::string key(const std::string& name, Sex sex) {
  return name + (sex == Sex::female ? ",F" : ",M");
}

}  // namespace

double centile_of(double z) {
  return 50 * std::erfc(-z / std::sqrt(2.0));
}

Result<Norms> Norms::load(const std::filesystem::path& folder) {
  Norms out;
  for (const auto& row : TRY(read_table(folder / "nomis.csv", 17)).rows) out.norms_.push_back(TRY(norm_of(row)));
  const auto calibration = TRY(read_table(folder / "calibration.csv", 9));
  for (const auto& row : calibration.rows) out.calibrations_[row[0]] = {TRY(number(row[1])), TRY(number(row[2]))};
  for (const auto& comment : calibration.comments)
    if (comment.starts_with("model ")) out.calibrated_ = comment.substr(6);
  for (const auto& row : TRY(read_table(folder / "nichart.csv", 8)).rows) {
    AgeRow at{TRY(number(row[2])), {}};
    for (std::size_t i = 0; i < at.ml.size(); ++i) at.ml[i] = TRY(number(row[3 + i]));
    out.nichart_[row[0] + "," + row[1]].push_back(at);
  }
  for (const auto& norm : out.norms_)
    for (const auto& name : {norm.name, std::string(kIntracranial)})
      if (const auto at = out.calibrations_.find(name); at == out.calibrations_.end() || at->second.ratio <= 0)
        return fail(Code::corrupt, "{} has no factor for {}", (folder / "calibration.csv").string(), name);
  return out;
}

std::optional<std::string> Norms::why_none(const Person& person, double intracranial_ml) const {
  if (!person.age && !person.sex) return "age and sex are not known";
  if (!person.age) return "the age is not known";
  if (!person.sex) return "the sex is not known";
  if (*person.age < kYoungest)
    return fmt::format("the norm knows adults from {:g} to {:g} years; this is a child of {:.0f}", kYoungest, kEldest,
                       std::floor(*person.age));
  if (*person.age > kEldest)
    return fmt::format("the norm knows adults from {:g} to {:g} years; this person is {:.0f}", kYoungest, kEldest,
                       std::floor(*person.age));
  if (const double etiv = etiv_mm3(intracranial_ml); etiv < kSmallestHead || etiv > kLargestHead)
    return fmt::format("the intracranial volume of {:.0f} ml is beyond the heads that the norm knows", intracranial_ml);
  return std::nullopt;
}

const Norm* Norms::find(int id, std::string_view name) const {
  for (const auto& norm : norms_)
    if (norm.id == id && (id != 0 || norm.name == name)) return &norm;
  return nullptr;
}

double Norms::etiv_mm3(double intracranial_ml) const {
  return 1000 * intracranial_ml * calibration(kIntracranial).ratio;
}

double Norms::predict(const Norm& norm, double age, Sex sex, double etiv_mm3) const {
  const double a = age - kMeanAge, e = etiv_mm3 - kMeanEtiv, m = sex == Sex::male ? 1 : 0;
  const std::array values{a, a * a, a * a * a, e, e * e, e * e * e, m, a * m, a * e, e * m};
  double out = norm.intercept + norm.scanner;
  for (std::size_t i = 0; i < values.size(); ++i) out += norm.terms[i] * values[i];
  return out;
}

Standing Norms::stand(const Norm& norm, double ml, const Reference& r) const {
  const auto& [ratio, error] = calibration(norm.name);
  const double sd = std::sqrt(norm.mse), etiv = etiv_mm3(r.intracranial_ml);
  const double expected = predict(norm, r.age, r.sex, etiv);
  // A structure that was not found has no logarithm; a thousandth of a microlitre is as low as any.
  const double mm3 = std::max(1000 * ml * ratio, 1e-3);
  const double head = etiv * calibration(kIntracranial).error;
  const double from_head = (predict(norm, r.age, r.sex, etiv + head) - predict(norm, r.age, r.sex, etiv - head)) / 2;
  const double from_method = norm.logarithmic ? error / std::log(10.0) : error * mm3;
  Standing out;
  out.expected_ml = volume_at(norm, 0, r);
  out.fifth_ml = volume_at(norm, -kNinetyFifth, r);
  out.ninety_fifth_ml = volume_at(norm, kNinetyFifth, r);
  out.z = ((norm.logarithmic ? std::log10(mm3) : mm3) - expected) / sd;
  out.z_error = std::hypot(from_method, from_head, norm.scanner_sd) / sd;
  out.centile = centile_of(out.z);
  out.low = centile_of(out.z - out.z_error);
  out.high = centile_of(out.z + out.z_error);
  return out;
}

double Norms::volume_at(const Norm& norm, double z, const Reference& r) const {
  const double value = predict(norm, r.age, r.sex, etiv_mm3(r.intracranial_ml)) + z * std::sqrt(norm.mse);
  return (norm.logarithmic ? std::pow(10, value) : value) / 1000 / calibration(norm.name).ratio;
}

std::optional<Band> Norms::second_opinion(const Norm& norm, const std::string& full_name, double ml,
                                          const Reference& r) const {
  const auto found = nichart_.find(key(full_name, r.sex));
  if (found == nichart_.end() || found->second.size() < 2) return std::nullopt;
  const auto& rows = found->second;
  if (r.age < rows.front().age || r.age > rows.back().age) return std::nullopt;
  const auto after = std::find_if(rows.begin() + 1, rows.end(), [&](const AgeRow& row) { return row.age >= r.age; });
  const auto& before = *(after - 1);
  const double part = (r.age - before.age) / (after->age - before.age);
  const double comparable = ml * calibration(norm.name).ratio;
  constexpr std::array kLimits{0, 5, 25, 50, 75, 95, 100};
  std::size_t below = 0;
  while (below < before.ml.size() && comparable >= before.ml[below] + part * (after->ml[below] - before.ml[below]))
    ++below;
  return Band{kLimits[below], kLimits[below + 1]};
}

}  // namespace larmor::processing::brain
