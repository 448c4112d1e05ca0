#include "services/processing/adapters/result_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "services/processing/core/generation.h"
#include "services/processing/rest/codec.h"

namespace larmor::processing {
namespace {

constexpr std::size_t kLargestManifest = 16 << 20;
constexpr int kMostResults = 10'000;

namespace fs = std::filesystem;

/// Identifiers become names of folders: nothing else may get there.
bool harmless(std::string_view name) {
  return !name.empty() && name.size() <= 128 && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
  });
}

Result<void> make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail_with(file_error("make the folder", path, error.value()));
  return {};
}

Result<void> move_durably(const fs::path& from, const fs::path& to) {
  const auto file = TRY(open_file(from, O_RDONLY | O_NOFOLLOW));
  if (::fsync(file.get()) != 0) return fail_with(file_error("sync", from, errno));
  if (::rename(from.c_str(), to.c_str()) != 0) return fail_with(file_error("move", from, errno));
  return {};
}

Result<Keepsake> read_manifest(const fs::path& path) {
  const auto json = parse_json(TRY(read_file(path, kLargestManifest)));
  if (!json) return fail(Code::corrupt, "{} is damaged: {}", path.string(), json.error().what);
  return Keepsake{TRY(result_from_json(*json)), TRY(member_or<Json>(*json, "stages", Json::object()))};
}

}  // namespace

Result<ResultStore> ResultStore::open(const fs::path& directory) {
  CHECK_OK(make_folder(directory / "results"));
  CHECK_OK(make_folder(directory / "results-of"));
  std::error_code ignored;
  for (const auto* folder : {"results", "results-of"})  // reports name the patient
    fs::permissions(directory / folder, fs::perms::owner_all, ignored);
  // A folder half made when the machine stopped is only in the way
  for (const auto& entry : fs::directory_iterator(directory / "results", ignored))
    if (entry.path().filename().string().starts_with('.')) fs::remove_all(entry.path(), ignored);
  CHECK_OK(sync_directory(directory));
  return ResultStore(directory);
}

Result<void> ResultStore::keep(const Keepsake& kept, const fs::path& from) {
  const auto& view = kept.view;
  if (!harmless(view.job.str()) || !harmless(view.study.str()))
    return fail(Code::invalid, "job '{}' of study '{}' has a name that cannot be kept", view.job, view.study);
  const auto staged = directory_ / "results" / ("." + view.job.str());
  std::error_code ignored;
  fs::remove_all(staged, ignored);
  CHECK_OK(make_folder(staged));
  for (const auto& name : view.files) CHECK_OK(move_durably(from / name, staged / name));
  auto manifest = to_json(view);
  manifest["stages"] = kept.stages;
  CHECK_OK(write_file_durably(staged / "manifest.json", manifest.dump(1, ' ', false, Json::error_handler_t::replace)));

  CHECK_OK(make_folder(markers(view.study)));
  CHECK_OK(write_file_durably(markers(view.study) / view.job.str(), ""));
  CHECK_OK(sync_directory(directory_ / "results-of"));
  fs::remove_all(folder(view.job), ignored);
  if (::rename(staged.c_str(), folder(view.job).c_str()) != 0) return fail_with(file_error("move", staged, errno));
  return sync_directory(directory_ / "results");
}

Result<std::optional<Keepsake>> ResultStore::find(const JobId& job) const {
  if (!harmless(job.str())) return std::nullopt;
  auto kept = read_manifest(folder(job) / "manifest.json");
  if (!kept && kept.error().code == Code::not_found) return std::nullopt;
  if (!kept) return fail_with(std::move(kept).error());
  return std::move(*kept);
}

Result<std::vector<ResultView>> ResultStore::of(const StudyUid& study) const {
  std::vector<ResultView> found;
  if (!harmless(study.str())) return found;
  std::error_code none;  // no marker folder: no results
  for (const auto& marker : fs::directory_iterator(markers(study), none)) {
    if (found.size() == kMostResults) break;
    if (auto kept = TRY(find(JobId(marker.path().filename().string())))) found.push_back(std::move(kept->view));
  }
  order_results(found);
  return found;
}

Result<std::string> ResultStore::file(const JobId& job, const std::string& name, std::size_t bound) const {
  const auto kept = TRY(find(job));
  if (!kept) return fail(Code::not_found, "job {} has no result", job);
  if (std::ranges::find(kept->view.files, name) == kept->view.files.end())
    return fail_with({Code::not_found, fmt::format("the result of job {} has no file '{}'", job, name),
                      fmt::format("It has {}.", fmt::join(kept->view.files, ", ")), ""});
  return read_file(folder(job) / name, bound);
}

}  // namespace larmor::processing
