#pragma once
/// Settings are rows: name, default, bounds, unit, and why. The sample file, the manual, the JSON schema and the form
/// in the browser are printed from the rows; reading a value needs the row, so no setting exists without its
/// explanation.
#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace larmor {

enum class SettingKind { text, boolean, integer, seconds, bytes, list };

struct SettingRow {
  /// "import.quiet_period_s"; a `*` stands for a name the site chooses: "export.destinations.*.host"
  std::string_view name;
  SettingKind kind = SettingKind::text;
  std::string_view initial;    ///< as it would be written in the file; lists with commas
  double least = 0, most = 0;  ///< bounds for numbers, both inclusive; equal means unbounded
  std::string_view unit = "";
  bool restart = true;  ///< a change needs a restart
  std::string_view example = "";
  std::string_view why;
};

/// Where a value came from, for messages: "larmor.yaml:12", "LARMOR_IMPORT_PORT", "--set".
struct SettingValue {
  std::string text;
  std::string origin;
};

/// All values in force. Immutable after loading; may be shared between threads.
class Settings {
 public:
  explicit Settings(std::vector<SettingRow> rows) : rows_(std::move(rows)) {}

  /// Checks the name (nearest known one in the hint), the type and the bounds.
  Result<void> set(const std::string& name, SettingValue value);

  std::string text(const SettingRow& row, std::string_view chosen = {}) const;
  bool boolean(const SettingRow& row, std::string_view chosen = {}) const;
  std::int64_t integer(const SettingRow& row, std::string_view chosen = {}) const;
  Duration seconds(const SettingRow& row, std::string_view chosen = {}) const;
  std::uint64_t bytes(const SettingRow& row, std::string_view chosen = {}) const;
  std::vector<std::string> list(const SettingRow& row, std::string_view chosen = {}) const;

  /// The names a site chose for the `*` of rows that begin with `prefix`, e.g. "export.destinations.".
  std::vector<std::string> chosen_names(std::string_view prefix) const;
  /// Was it written down anywhere, or is the default in force?
  bool given(const SettingRow& row, std::string_view chosen = {}) const;

  std::span<const SettingRow> rows() const { return rows_; }
  const std::map<std::string, SettingValue>& values() const { return values_; }

 private:
  const SettingRow* find(std::string_view name) const;
  std::vector<SettingRow> rows_;
  std::map<std::string, SettingValue> values_;
};

/// Bytes with an optional K, M, G or T suffix (powers of 1024).
Result<std::uint64_t> parse_bytes(std::string_view);

}  // namespace larmor
