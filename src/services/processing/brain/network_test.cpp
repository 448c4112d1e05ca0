#include "services/processing/brain/network.h"

#include <gtest/gtest.h>

#include <fstream>

#include "imaging/intensity.h"
#include "imaging/nifti/nifti.h"
#include "imaging/resample.h"

namespace larmor::processing::brain {
namespace {

namespace fs = std::filesystem;

const fs::path kHead = "/usr/share/mricron/templates/ch2.nii.gz";

/// The middle of a real head.
imaging::Volume<float> middle() {
  auto image = imaging::nifti::read_file(kHead).value().volume;
  EXPECT_TRUE(imaging::normalise(image));
  imaging::Box box;
  for (int d = 0; d < 3; ++d) {
    box.low[d] = (image.shape()[d] - 96) / 2;
    box.high[d] = box.low[d] + 96;
  }
  return imaging::crop(image, box);
}

double share_of_equals(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < a.size(); ++i) same += a[i] == b[i];
  return double(same) / double(a.size());
}

TEST(Network, IsTheSameWhateverRunsIt) {
  Options options;
  if (!fs::exists(options.onnxruntime)) GTEST_SKIP() << "skipped: third_party/onnxruntime is absent";
  if (!fs::exists(kHead)) GTEST_SKIP() << "skipped: ch2.nii.gz is absent: install mricron-data";
  const auto model = load_model(options.models / "brain").value();
  const auto image = middle();
  options.engine = Engine::onednn;
  const auto ours = Network::open(model, options).value();
  EXPECT_TRUE(ours->engine().starts_with("oneDNN ("));
  options.engine = Engine::onnxruntime;
  const auto theirs = Network::open(model, options).value();
  EXPECT_TRUE(theirs->engine().starts_with("ONNX Runtime "));
  const auto a = ours->run(image).value(), b = theirs->run(image).value();
  // Single precision differs in the order of sums, bfloat16 in the third digit of every product.
  const bool exact = ours->engine() == "oneDNN (fp32)";
  EXPECT_GT(share_of_equals(a.classes, b.classes), exact ? 0.9999 : 0.995);
  double apart = 0;
  for (std::size_t i = 0; i < a.confidence.size(); ++i) apart += std::abs(a.confidence[i] - b.confidence[i]);
  EXPECT_LT(apart / double(a.confidence.size()), exact ? 0.1 : 1.0);
}

TEST(Network, OfAnotherShapeIsLeftToOnnxRuntime) {
  Options options;
  Model model;
  model.weights = fs::path(testing::TempDir()) / "no_unet.onnx";
  std::ofstream(model.weights) << "\x3A" << '\0';  // a model whose graph is empty
  options.onnxruntime = "/nowhere/libonnxruntime.so.1";
  EXPECT_EQ(Network::open(model, options).error().code, Code::not_found);
  options.engine = Engine::onednn;
  EXPECT_EQ(Network::open(model, options).error().code, Code::unsupported);
  fs::remove(model.weights);
}

}  // namespace
}  // namespace larmor::processing::brain
