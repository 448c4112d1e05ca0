#pragma once
/// For the tests of every module: a folder that is gone at the end, and where other people's data lie.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace larmor {

class Scratch {
 public:
  Scratch() {
    auto pattern = (std::filesystem::temp_directory_path() / "larmor-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// `name` in the folder of data that are no part of the project: $LARMOR_SHARED/data, or ../shared/data. May not exist.
inline std::filesystem::path shared_data(const std::string& name) {
  const char* given = std::getenv("LARMOR_SHARED");
  return std::filesystem::path(given ? given : "../shared") / "data" / name;
}

}  // namespace larmor
