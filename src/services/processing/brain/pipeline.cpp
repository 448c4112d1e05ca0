#include "services/processing/brain/pipeline.h"

#include <fcntl.h>

#include <chrono>
#include <cmath>
#include <future>

#include "base/file.h"
#include "dicom/objects/capture.h"
#include "dicom/objects/map.h"
#include "dicom/objects/pdf.h"
#include "dicom/objects/seg.h"
#include "dicom/series/load.h"
#include "imaging/nifti/nifti.h"
#include "imaging/simulate.h"
#include "report/scene.h"
#include "services/processing/brain/fhir.h"
#include "services/processing/brain/flair.h"
#include "services/processing/brain/judge.h"
#include "services/processing/brain/measurements.h"
#include "services/processing/brain/paper.h"

namespace larmor::processing::brain {
namespace {

namespace fs = std::filesystem;

/// Of the time that two visits take, when the second one's analysis is done and the prior's begins.
constexpr double kShareBeforePrior = 0.4;

/// Seconds between the steps that the progress names.
class Stages {
 public:
  explicit Stages(const Progress& progress) : progress_(progress) {}
  void begin(double fraction, std::string_view step) {
    end();
    step_ = step;
    since_ = std::chrono::steady_clock::now();
    progress_(fraction, step);
  }
  Json end() {
    if (!step_.empty()) {
      const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - since_).count();
      seconds_[step_] = std::round(s * 1000) / 1000;
    }
    return seconds_;
  }

 private:
  const Progress& progress_;
  Json seconds_ = Json::object();
  std::string step_;
  std::chrono::steady_clock::time_point since_;
};

/// The out folder and the names of what lies in it.
class Outputs {
 public:
  explicit Outputs(fs::path folder) : folder_(std::move(folder)) {}

  Result<void> file(const std::string& name, std::string_view bytes) {
    CHECK_OK(write(name, bytes));
    files_.push_back(name);
    return {};
  }
  Result<void> object(const std::string& name, const dicom::Object& object) {
    CHECK_OK(write(name, object.bytes));
    instances_.push_back(name);
    return {};
  }
  Result<void> labels(const std::string& name, const imaging::Volume<std::uint8_t>& labels) {
    CHECK_OK(imaging::nifti::write_file(folder_ / name, labels));
    files_.push_back(name);
    return {};
  }
  Result<void> map(const std::string& name, const imaging::Volume<float>& map) {
    CHECK_OK(imaging::nifti::write_file(folder_ / name, map));
    files_.push_back(name);
    return {};
  }
  Json files() const { return files_; }
  Json instances() const { return instances_; }

 private:
  /// Whoever runs the pipeline keeps the results durably; this folder is scratch.
  Result<void> write(const std::string& name, std::string_view bytes) {
    const auto file = TRY(open_file(folder_ / name, O_WRONLY | O_CREAT | O_TRUNC));
    return write_at(file, as_bytes(bytes), 0);
  }

  fs::path folder_;
  std::vector<std::string> files_, instances_;
};

/// What is wrong with the study, in contrast to what is wrong here.
bool is_about_the_input(Code code) {
  return code == Code::invalid || code == Code::unsupported || code == Code::corrupt || code == Code::too_large;
}

/// What the objects are made of.
struct Told {
  const Findings& found;
  const Comparison* since;  ///< null where there was no prior
  dicom::Measurements measurements;
  imaging::Volume<float> change;  ///< on the input's grid; empty where nothing was compared
  dicom::FindingsLayer lesions;   ///< on the input's grid; empty where none were looked for
  Paper paper;
};

Result<void> write_objects(const dicom::SourceSeries& source, const Told& told, const dicom::Maker& maker,
                           Outputs& out) {
  const auto seg = TRY(dicom::write_seg(source, told.found.labels, maker, told.lesions));
  CHECK_OK(out.object("seg.dcm", seg.object));
  CHECK_OK(out.object("sr.dcm", TRY(dicom::write_sr(source, told.measurements, seg, maker))));
  if (told.change.size() > 0) {
    const auto* earlier = told.since->source ? &*told.since->source : nullptr;
    CHECK_OK(
        out.object("change.dcm", TRY(dicom::write_map(source, told.change, meaning_of(*told.since), earlier, maker))));
  }
  CHECK_OK(out.object("pdf.dcm", TRY(dicom::write_pdf(source, told.paper.pdf, "Brain volumes", maker))));
  for (std::size_t i = 0; i < told.paper.sheets.size(); ++i) {
    const auto& sheet = told.paper.sheets[i];
    const dicom::Picture picture{sheet.picture.width, sheet.picture.height, sheet.picture.rgb, sheet.name,
                                 sheet.names_patient};
    const int number = int(i) + 1;
    CHECK_OK(out.object(fmt::format("sc{}.dcm", number), TRY(dicom::write_capture(source, picture, number, maker))));
  }
  return {};
}

/// A stretched head as the web's viewer shows it: 256 greys, a quarter of the floats' bytes.
imaging::Volume<std::uint8_t> in_greys(const imaging::Volume<float>& stretched) {
  imaging::Volume<std::uint8_t> out(stretched.grid);
  std::transform(stretched.voxels.begin(), stretched.voxels.end(), out.voxels.begin(),
                 [](float grey) { return std::uint8_t(std::lround(255 * grey)); });
  return out;
}

/// As a viewer shows it: lesions are up to twice as bright as normal white matter, which is 1.
imaging::Volume<float> flair_on(const FlairFindings& flair, const imaging::Grid& grid, int threads) {
  constexpr float kWhite = 2.2F;
  auto out = imaging::sample_linear(flair.image, grid, {}, threads);
  for (auto& v : out.voxels) v = std::clamp(v / kWhite, 0.0F, 1.0F);
  return out;
}

imaging::Volume<float> stretched(imaging::Volume<float> head, const imaging::Volume<std::uint8_t>& labels) {
  report::stretch(head, labels);
  return head;
}

/// One head, wherever it came from.
struct Head {
  imaging::Volume<float> volume;
  std::optional<dicom::Scanned> study;        ///< absent for a NIfTI file
  std::optional<dicom::SourceSeries> source;  ///< absent for a NIfTI file
  Json chosen;                                ///< what is told about the input
  bool orientation_known = true;
  bool simulated = false;  ///< the file says that it is made up
};

Json describe(const dicom::SourceSeries& s, const std::string& reason) {
  return {{"uid", s.series.str()},
          {"number", s.number},
          {"description", s.description},
          {"slices", s.slices.size()},
          {"spacing_mm", {s.slice_spacing, s.row_spacing, s.column_spacing}},
          {"reason", reason}};
}

Result<Head> load(const fs::path& input) {
  Head head;
  if (fs::is_directory(input)) {
    head.study = TRY(dicom::scan_folder(input));
    auto loaded = TRY(dicom::load_t1(*head.study));
    head.volume = std::move(loaded.volume);
    head.chosen = describe(loaded.source, loaded.reason);
    head.simulated = loaded.source.simulated;
    head.source = std::move(loaded.source);
    return head;
  }
  auto image = TRY(imaging::nifti::read_file(input));
  const auto mm = imaging::spacing(image.volume.grid.to_world);
  head.volume = std::move(image.volume);
  head.orientation_known = image.orientation_known;
  head.simulated = image.description.starts_with(imaging::kSimulated);
  head.chosen = {{"description", input.filename().string()}, {"spacing_mm", {mm[0], mm[1], mm[2]}}};
  return head;
}

struct Analysed {
  Head head;
  Findings found;
  std::optional<Comparison> since;  ///< with the prior; absent where there is none
  FlairFindings flair;
  imaging::Volume<std::uint8_t> before;  ///< the prior's head on the input's grid, in greys; empty: not compared
  Json priors;  ///< how earlier scans were looked for, in the worker's words; null where nobody did
};

/// What was typed goes before what DICOM says.
Person whose(const Person& typed, const std::optional<dicom::SourceSeries>& source) {
  Person out = source ? person_of(source->patient.reveal(), source->about_study.date) : Person{};
  if (typed.age) out.age = typed.age;
  if (typed.sex) out.sex = typed.sex;
  if (typed.age && typed.sex) out.notes.clear();
  return out;
}

Flag simulated(std::string_view what) {
  return {.code = std::string(kSimulatedFlag), .text = fmt::format("simulated: {}", what)};
}

/// Errors about the input mean that the study is refused.
Result<Analysed> read_and_analyse(const fs::path& input, const Options& options, Stages& stages) {
  stages.begin(0, "load");
  Analysed out{TRY(load(input)), {}, {}, {}, {}, {}};
  const double share = options.prior.empty() ? 1 : kShareBeforePrior;
  out.found = TRY(analyse(out.head.volume, options,
                          [&](double fraction, std::string_view step) { stages.begin(share * fraction, step); }));
  if (out.head.simulated) out.found.flags.push_back(simulated("this scan is made up, wholly or in part"));
  if (!out.head.orientation_known)
    out.found.flags.push_back({.code = "sides_unknown",
                               .text = "the file does not say which side is left; left and right may be exchanged",
                               .severity = Severity::doubtful});
  if (out.head.source && out.head.source->contrast_agent)
    out.found.flags.push_back(
        {.code = "contrast_agent", .text = "the images were taken with contrast agent, which the norms do not know"});
  auto healthy =
      compare_with_healthy(out.found, whose(options.person, out.head.source), options.models / "brain/norms");
  if (!healthy) return fail_with({Code::internal, healthy.error().what, healthy.error().hint, ""});
  out.found.healthy = std::move(*healthy);
  for (auto& flag : flags_of_person(out.found.healthy)) out.found.flags.push_back(std::move(flag));
  return out;
}

struct Before {
  Head head;
  Findings found;
};

/// Compares with the prior that the options name; what was found in it. A prior that is no brain is refused, not the
/// study.
Result<std::optional<Before>> compare(Analysed& now, const Options& options, Stages& stages) {
  if (options.prior.empty()) return std::nullopt;
  stages.begin(kShareBeforePrior, "prior");
  auto head = load(options.prior);
  auto found = head ? analyse(head->volume, options, [](double, std::string_view) {})
                    : Result<Findings>(fail_with(head.error()));
  if (!found && !is_about_the_input(found.error().code)) return fail_with(found.error());
  if (!found) {
    now.since.emplace().refused = found.error().what;
    return std::nullopt;
  }
  stages.begin(0.6, "change");
  const auto scanned = [](const Head& h, const Findings& f) {
    return Scanned{f, h.volume.grid, h.source ? &*h.source : nullptr};
  };
  now.since =
      compare_with_prior(scanned(*head, *found), scanned(now.head, now.found), options.prior_years, options.threads);
  now.since->simulated = head->simulated;
  if (head->simulated) now.found.flags.push_back(simulated("the earlier scan is made up, wholly or in part"));
  if (!now.since->refused.empty()) return std::nullopt;
  return Before{std::move(*head), std::move(*found)};
}

Visit visit(const Head& head, const fs::path& flair, const Findings& found) {
  return {head.study ? &*head.study : nullptr, flair, found};
}

/// The prior's head laid on the one at hand: the same voxel is the same place in both.
imaging::Volume<std::uint8_t> laid_on(const Before& before, const Analysed& now, int threads) {
  const auto& r = now.since->change.registration;
  const auto to_middle = imaging::inverse(r.to_b);
  if (!to_middle) return {};
  return in_greys(imaging::sample_linear(stretched(before.head.volume, before.found.labels), now.head.volume.grid,
                                         r.to_a * *to_middle, threads));
}

/// All that the study shows: volumes, change, lesions.
Result<Analysed> read_and_compare(const fs::path& input, const Options& options, Stages& stages) {
  auto out = TRY(read_and_analyse(input, options, stages));
  const auto before = TRY(compare(out, options, stages));
  if (before) out.before = laid_on(*before, out, options.threads);
  stages.begin(0.925, "flair");
  std::optional<Visit> prior;
  if (before) prior.emplace(visit(before->head, options.prior_flair, before->found));
  out.flair = read_flair(visit(out.head, options.flair, out.found), prior ? &*prior : nullptr, options.threads);
  return out;
}

/// Whatever goes wrong from here on is no fault of the study.
Result<Json> write_results(const Analysed& a, const fs::path& folder, std::int64_t generation, int threads,
                           Stages& stages) {
  const Findings& found = a.found;
  const auto* source = a.head.source ? &*a.head.source : nullptr;
  const auto* since = a.since ? &*a.since : nullptr;
  stages.begin(0.93, "report");
  Outputs out(folder);
  auto paper = std::async(std::launch::async,
                          [&] { return make_paper(found, a.head.volume.grid, source, since, a.flair.words, threads); });
  CHECK_OK(out.labels("head.nii.gz", in_greys(stretched(a.head.volume, found.labels))));
  if (a.before.size() > 0) CHECK_OK(out.labels("prior_head.nii.gz", a.before));
  CHECK_OK(out.labels("labels.nii.gz", found.labels));
  CHECK_OK(out.file("volumes.csv", to_csv(found)));
  if (!found.healthy.curves.empty()) CHECK_OK(out.file("norms.json", curves_json(found.healthy).dump() + "\n"));
  if (!found.lobes.volumes.empty()) {
    CHECK_OK(out.labels("lobes.nii.gz", found.lobes.labels));
    CHECK_OK(out.file("lobes.csv", to_csv(found.lobes)));
  }
  const auto about_priors = a.priors.is_null() ? "" : TRY(member_or<std::string>(a.priors, "words", ""));
  Told told{found, since, measurements_of(found, a.flair, since, about_priors), {}, {}, {}};
  if (a.flair.lesions.size() > 0) {
    told.lesions = {imaging::nearest(a.flair.lesions, a.head.volume.grid), kinds_of_lesions()};
    CHECK_OK(out.labels("lesions.nii.gz", told.lesions.voxels));
    CHECK_OK(out.labels("flair.nii.gz", in_greys(flair_on(a.flair, a.head.volume.grid, threads))));
  }
  if (since && since->refused.empty()) {
    told.change = change_map(since->change, a.head.volume.grid, threads);
    CHECK_OK(out.map("change.nii.gz", told.change));
  }
  CHECK_OK(out.file("observations.json", to_fhir(found, told.measurements, source).dump(1) + "\n"));
  told.paper = TRY(paper.get());
  CHECK_OK(out.file("report.pdf", told.paper.pdf));
  for (const auto& sheet : told.paper.sheets) CHECK_OK(out.file(sheet.name + ".png", sheet.png));
  if (source) {
    stages.begin(0.97, "objects");
    dicom::Maker maker;
    maker.version = found.version;
    maker.weights = found.weights;
    maker.generation = generation;
    CHECK_OK(write_objects(*source, told, maker, out));
  }
  Json findings = to_json(found);
  findings["series"] = a.head.chosen;
  if (a.since) findings["change"] = to_json(*a.since);
  if (!a.flair.told.is_null()) findings["lesions"] = a.flair.told;
  if (!a.priors.is_null()) findings["priors"] = a.priors;
  findings["model"] = {
      {"name", found.model}, {"version", found.version}, {"weights", found.weights}, {"engine", found.engine}};
  return Json{{"findings", findings},
              {"stages", stages.end()},
              {"version", found.version},
              {"files", out.files()},
              {"instances", out.instances()}};
}

Result<void> write_result(const fs::path& folder, const Json& result) {
  return write_file_durably(folder / "result.json", result.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

Result<void> run(const fs::path& in, const fs::path& out, const Json& job, const Options& options,
                 const Progress& progress) {
  const auto generation = TRY(member_or<std::int64_t>(job, "generation", 1));
  Stages stages(progress);
  auto analysed = read_and_compare(in, options, stages);
  if (!analysed && is_about_the_input(analysed.error().code))
    return write_result(out, {{"refused", analysed.error().what}});
  if (!analysed) return fail_with(analysed.error());
  analysed->priors = TRY(member_or<Json>(job, "priors", {}));
  return write_result(out, TRY(write_results(*analysed, out, generation, options.threads, stages)));
}

int child_process(const fs::path& in, const fs::path& out, const std::string& job, const Options& options,
                  std::FILE* lines) {
  const Progress print = [&](double fraction, std::string_view step) {
    fmt::print(lines, "{}\n", Json{{"fraction", fraction}, {"step", step}}.dump());
    std::fflush(lines);
  };
  const auto done = [&]() -> Result<void> { return run(in, out, TRY(parse_json(job)), options, print); }();
  if (done) return 0;
  const Error& e = done.error();
  fmt::print(stderr, "{}\n", to_string(e));
  const Json told{{"error", {{"code", row(e.code).name}, {"what", e.what}, {"hint", e.hint}}}};
  if (const auto written = write_result(out, told); !written) fmt::print(stderr, "{}\n", to_string(written.error()));
  return 2;
}

Result<Json> analyse_files(const fs::path& input, const fs::path& out, const Options& options,
                           const Progress& progress) {
  std::error_code wrong;
  fs::create_directories(out, wrong);
  if (wrong) return fail_with(file_error("cannot make the folder", out, wrong.value()));
  Stages stages(progress);
  return write_results(TRY(read_and_compare(input, options, stages)), out, 1, options.threads, stages);
}

}  // namespace larmor::processing::brain
