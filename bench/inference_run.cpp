// Times the brain's network on a head, as prepared for it, and what the same machine can multiply at best.
//
//   inference_run HEAD.nii.gz MODELS onednn|onnxruntime [LIBRARY] [THREADS]
//
// Prints {"engine", "shape", "seconds", "operations", "peak_per_s", "peak_mib"}: voxels of 1 mm of the cropped head;
// seconds of the quickest of three runs; operations of one run on these voxels, without padding (a multiplication and
// an addition are two); the quickest large matrix product of oneDNN in the arithmetic that the network runs in; and the
// most memory that this process had held before that product.
#include <omp.h>
#include <sys/resource.h>

#include <dnnl.hpp>

#include "backends/onnx/weights.h"
#include "base/json.h"
#include "imaging/intensity.h"
#include "imaging/nifti/nifti.h"
#include "services/processing/brain/head.h"
#include "services/processing/brain/network.h"
#include "services/processing/brain/segment.h"

namespace larmor::processing::brain {
namespace {

constexpr int kRuns = 3;

double seconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < kRuns; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

/// Of the convolutions and the last matrix, for so many voxels of 1 mm: a level's cells are an eighth of those of the
/// level above.
double operations(const onnx::Tensors& weights, double voxels) {
  double sum = 0;
  for (const auto& [name, tensor] : weights) {
    if (!name.ends_with(".weight")) continue;
    double work = 2;
    for (const auto side : tensor.shape) work *= double(side);
    const auto level = [&](std::string_view part) { return double(name[part.size()] - '0'); };
    if (name.starts_with("net.enc.")) work *= voxels / std::pow(8, 1 + level("net.enc."));
    if (name.starts_with("net.dec.")) work *= voxels / std::pow(8, 1 + level("net.dec."));
    if (name.starts_with("net.up.")) work *= voxels / std::pow(8, 2 + level("net.up."));
    if (name.starts_with("heads.")) work *= voxels / 8;
    sum += work;
  }
  return sum;
}

/// Operations a second.
double peak(bool bfloat16, int threads) {
  using dnnl::memory;
  constexpr memory::dim n = 3072;
  omp_set_num_threads(threads);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto type = bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
  const memory::desc any({n, n}, type, memory::format_tag::any);
  const dnnl::matmul::primitive_desc plan(dnnl::matmul::desc(any, any, any), engine);
  const memory left(plan.src_desc(), engine), right(plan.weights_desc(), engine), out(plan.dst_desc(), engine);
  const dnnl::matmul product(plan);
  return 2.0 * n * n * n / seconds([&] {
           product.execute(stream, {{DNNL_ARG_SRC, left}, {DNNL_ARG_WEIGHTS, right}, {DNNL_ARG_DST, out}});
           stream.wait();
         });
}

double peak_mib() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return double(used.ru_maxrss) / 1024;
}

Result<Json> measure(const std::filesystem::path& head, const Options& options) {
  const auto model = TRY(load_model(options.models / "brain"));
  auto image = TRY(imaging::nifti::read_file(head));
  auto picture = imaging::to_canonical(image.volume, imaging::canonical(image.volume.grid));
  CHECK_OK(imaging::normalise(picture));
  const auto part = imaging::crop(picture, find_head(picture, model.crop_above));
  const auto network = TRY(Network::open(model, options));
  TRY(segment(part, model, *network));
  const double took = seconds([&] { (void)segment(part, model, *network); });
  const double memory = peak_mib();
  const auto engine = network->engine();
  return Json{{"engine", engine},
              {"shape", part.shape()},
              {"seconds", took},
              {"operations", operations(TRY(onnx::read_weights(model.weights)), double(part.size()))},
              {"peak_per_s", peak(engine.find("bfloat16") != std::string::npos, options.threads)},
              {"peak_mib", memory}};
}

}  // namespace
}  // namespace larmor::processing::brain

int main(int count, char** words) {
  using namespace larmor::processing::brain;
  if (count < 4)
    return fmt::print(stderr, "usage: inference_run HEAD MODELS onednn|onnxruntime [LIBRARY] [THREADS]\n"), 2;
  Options options;
  options.models = words[2];
  options.engine = std::string_view(words[3]) == "onednn" ? Engine::onednn : Engine::onnxruntime;
  if (count > 4) options.onnxruntime = words[4];
  if (count > 5) options.threads = std::max(1, std::atoi(words[5]));
  const auto told = measure(words[1], options);
  if (!told) return fmt::print(stderr, "{}\n", to_string(told.error())), 1;
  fmt::print("{}\n", told->dump());
  return 0;
}
