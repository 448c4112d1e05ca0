/// Running a pipeline without a server, and as a worker's child.
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "app/commands.h"
#include "app/resources.h"
#include "base/file.h"
#include "base/json.h"
#include "imaging/nifti/nifti.h"
#include "services/processing/brain/pipeline.h"
#include "services/processing/brain/truth.h"

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

/// "Brain -1.48 % (+-0.10) since the prior ..." in a few lines.
void print_change(const Json& c) {
  if (c.contains("refused")) {
    fmt::print("\nPrior refused: {}.\n", c["refused"].get<std::string>());
    return;
  }
  fmt::print("\nChange since the prior\n");
  for (const auto& s : c["structures"])
    fmt::print("{:<36} {:+9.2f} % (+-{:.2f})\n", s["name"].get<std::string>(), s["percent"].get<double>(),
               s["error_percent"].get<double>());
  fmt::print("{}.\n", c["ageing"]["words"].get<std::string>());
  for (const auto& w : c["warnings"]) fmt::print("Warning: {}.\n", w.get<std::string>());
}

/// "White-matter lesions: 5, 1.51 ml; since the prior 4 new (2.94 ml), 0 grown".
void print_lesions(const Json& l) {
  if (l.contains("refused")) {
    fmt::print("\nFLAIR refused: {}.\n", l["refused"].get<std::string>());
    return;
  }
  fmt::print("\nWhite-matter lesions: {}, {:.2f} ml", l["count"].get<int>(), l["ml"].get<double>());
  const auto change = l.value("change", Json());
  if (change.contains("new"))
    fmt::print("; since the prior {} new ({:.2f} ml), {} grown (by {:.2f} ml)", change["new"].get<int>(),
               change["new_ml"].get<double>(), change["grown"].get<int>(), change["grown_ml"].get<double>());
  fmt::print(".\n");
  if (change.contains("refused")) fmt::print("FLAIR of the prior refused: {}.\n", change["refused"].get<std::string>());
}

}  // namespace

Result<int> analyse(const AnalyseArguments& a) {
  auto options = TRY(options_of(a.models, a.threads));
  options.person = TRY(brain::typed_person(a.age, a.sex));
  options.prior = a.prior;
  options.flair = a.flair;
  options.prior_flair = a.prior_flair;
  if (a.prior_months > 0) options.prior_years = a.prior_months / 12;
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
  if (findings["findings"].contains("change")) print_change(findings["findings"]["change"]);
  if (findings["findings"].contains("lesions")) print_lesions(findings["findings"]["lesions"]);
  fmt::print("\nFiles in {}. Not a medical device.\n", a.out.string());
  return 0;
}

Result<int> simulate_atrophy(const SimulateArguments& a) {
  const auto options = TRY(options_of(a.models, a.threads));
  const auto head = TRY(imaging::nifti::read_file(a.input));
  const auto found = TRY(brain::analyse(head.volume, options, progress_line()));
  const imaging::Visit visit{.brain_change_percent = a.brain_change_percent, .seed = a.seed};
  const auto made = TRY(imaging::simulate_visit(head.volume, found.picture_labels, visit, options.threads));
  CHECK_OK(imaging::nifti::write_file(
      a.out, made.image,
      fmt::format("{}a change of the brain of {} %, seed {}", imaging::kSimulated, a.brain_change_percent, a.seed)));
  const Json truth = brain::truth_of(made, visit);
  auto beside = a.out.parent_path() / (a.out.stem().stem().string() + ".json");
  CHECK_OK(write_file_durably(beside, truth.dump(1) + "\n"));
  fmt::print("{}\n", truth.dump(1));
  return 0;
}

Result<int> pipeline(const PipelineArguments& a) {
  if (a.name != "brain")
    return fail_with({Code::not_found, fmt::format("there is no pipeline '{}'", a.name), "There is: brain.", {}});
  auto options = TRY(options_of(a.models, a.threads));
  options.prior = a.prior;
  return brain::child_process(a.in, a.out, a.job, options, stdout);
}

}  // namespace larmor::app
