#pragma once
/// Files that come with the program: networks, the web application. Found from the setting, or by walking up from the
/// program (a build folder inside the sources, or PREFIX/bin with PREFIX/share/larmor).
#include <filesystem>

#include "base/result.h"
#include "base/setting.h"

namespace larmor::app {

std::filesystem::path program_path();
Result<std::filesystem::path> models_directory(const std::string& chosen);
Result<std::filesystem::path> web_directory(const std::string& chosen);
/// The OHIF viewer as tools/fetch_ohif leaves it.
Result<std::filesystem::path> ohif_directory(const std::string& chosen);
/// libonnxruntime.so.1: LARMOR_ONNXRUNTIME, so that a site can put its own build for its GPU there, or the one that
/// came along.
Result<std::filesystem::path> runtime_library();

}  // namespace larmor::app
