/// Running a pipeline without a server, and as a worker's child.
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "app/commands.h"
#include "app/resources.h"
#include "base/json.h"
#include "services/processing/brain/pipeline.h"

namespace larmor::app {
namespace {

namespace brain = processing::brain;

Result<brain::Options> options_of(const std::filesystem::path& models, int threads) {
  brain::Options options;
  options.models = TRY(models_directory(models.string()));
  options.onnxruntime = TRY(runtime_library());
  options.threads = threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return options;
}

/// A line that is written over itself on a terminal, and nothing elsewhere.
brain::Progress progress_line() {
  if (!::isatty(STDERR_FILENO)) return [](double, std::string_view) {};
  return [](double fraction, std::string_view step) { fmt::print(stderr, "\r{:3.0f}%  {:<40}", 100 * fraction, step); };
}

/// "   centile 34 (12 to 63)", or nothing where there is none.
std::string centile_of(const Json& norms, const Json& id) {
  if (!norms.contains("structures")) return "";
  for (const auto& s : norms["structures"])
    if (s["id"] == id)
      return fmt::format("   centile {:>3} ({} to {})", brain::centile_words(s["centile"]),
                         brain::centile_words(s["low"]), brain::centile_words(s["high"]));
  return "";
}

}  // namespace

Result<int> analyse(const AnalyseArguments& a) {
  auto options = TRY(options_of(a.models, a.threads));
  options.person = TRY(brain::typed_person(a.age, a.sex));
  if (a.engine == "onednn") options.engine = brain::Engine::onednn;
  if (a.engine == "onnxruntime") options.engine = brain::Engine::onnxruntime;
  std::error_code error;
  std::filesystem::create_directories(a.out, error);
  if (error) return fail(Code::forbidden, "cannot make {}: {}", a.out.string(), error.message());
  auto result = brain::analyse_files(a.input, a.out, options, progress_line());
  if (::isatty(STDERR_FILENO)) fmt::print(stderr, "\r{:<46}\r", "");
  const auto findings = TRY(std::move(result));
  if (a.json) {
    fmt::print("{}\n", findings.dump(2));
    return 0;
  }
  const auto& norms = findings["findings"]["norms"];
  for (const auto& v : findings["findings"]["volumes"])
    fmt::print("{:<36} {:<6} {:9.2f} ml{}\n", v["name"].get<std::string>(), v.value("side", ""), v["ml"].get<double>(),
               centile_of(norms, v["id"]));
  if (norms.contains("none_because")) fmt::print("\nNo centiles: {}.\n", norms["none_because"].get<std::string>());
  fmt::print("\nFiles in {}. Not a medical device.\n", a.out.string());
  return 0;
}

Result<int> pipeline(const PipelineArguments& a) {
  if (a.name != "brain")
    return fail_with({Code::not_found, fmt::format("there is no pipeline '{}'", a.name), "There is: brain.", {}});
  const auto options = TRY(options_of(a.models, a.threads));
  return brain::child_process(a.in, a.out, a.job, options, stdout);
}

}  // namespace larmor::app
