#pragma once
/// The configuration: one YAML file, everything in it optional, every value overridable by environment and flag.
///
/// Order of precedence: --set NAME=VALUE, then LARMOR_IMPORT_PORT (upper case, dots become underscores), then the file,
/// then the default in the row. An unknown key is an error that names the nearest known one and the line.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/setting.h"

namespace larmor::app {

struct ConfigSource {
  std::optional<std::filesystem::path> file;
  std::vector<std::string> overrides;  ///< "name=value"
};

/// Every row of the program and its services.
std::vector<SettingRow> all_rows();

Result<Settings> load(const ConfigSource&);

/// A configuration file with every setting, its default and its reason, as YAML.
std::string sample_file();
/// Every setting with the value in force and where it came from, by name (api/schemas/setting_list.json). A `*` stands
/// once for each name that the site chose, and once as itself, for the next. No secret is among them: those are files.
Json settings_view(const Settings&);
/// JSON schema (2020-12) of the configuration file.
Json settings_schema();

}  // namespace larmor::app
