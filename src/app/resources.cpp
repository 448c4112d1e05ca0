#include "app/resources.h"

#include <cstdlib>

namespace larmor::app {
namespace {

Result<std::filesystem::path> beside_program(const std::filesystem::path& in_sources,
                                             const std::filesystem::path& installed, std::string_view setting) {
  for (auto folder = program_path().parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    std::error_code ignored;
    for (const auto& candidate : {folder / in_sources, folder / "share/larmor" / installed})
      if (std::filesystem::is_directory(candidate, ignored)) return candidate;
  }
  return fail_with({Code::not_found, fmt::format("no folder {} beside the program or above it", in_sources.string()),
                    fmt::format("Set {} to where it is.", setting), std::string(setting)});
}

Result<std::filesystem::path> chosen_or_found(const std::string& chosen, const char* in_sources, const char* installed,
                                              std::string_view setting) {
  if (chosen.empty()) return beside_program(in_sources, installed, setting);
  if (!std::filesystem::is_directory(chosen))
    return fail_with(
        {Code::not_found, fmt::format("{} names {}, which is no folder", setting, chosen), "", std::string(setting)});
  return std::filesystem::path(chosen);
}

}  // namespace

std::filesystem::path program_path() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

Result<std::filesystem::path> models_directory(const std::string& chosen) {
  return chosen_or_found(chosen, "models", "models", "models.directory");
}

Result<std::filesystem::path> web_directory(const std::string& chosen) {
  return chosen_or_found(chosen, "web/dist", "web", "web.directory");
}

Result<std::filesystem::path> ohif_directory(const std::string& chosen) {
  return chosen_or_found(chosen, "third_party/ohif", "ohif", "web.ohif");
}

Result<std::filesystem::path> runtime_library() {
  constexpr const char* kName = "libonnxruntime.so.1";
  if (const char* chosen = std::getenv("LARMOR_ONNXRUNTIME")) return std::filesystem::path(chosen);
  return TRY(beside_program("third_party/onnxruntime", "onnxruntime", "LARMOR_ONNXRUNTIME")) / kName;
}

}  // namespace larmor::app
