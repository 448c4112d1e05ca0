#include "backends/onednn/unet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace larmor::onednn {
namespace {

constexpr int kClasses = 3;

/// Two levels: 4 and 6 channels, two convolutions down and one up at the finer level.
onnx::Tensors random_weights() {
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0, 1);
  onnx::Tensors all;
  const auto add = [&](const std::string& name, std::int64_t to, std::int64_t from, std::int64_t side) {
    auto& weight = all[name + ".weight"];
    weight.shape = {to, from, side, side, side};
    weight.values.resize(std::size_t(to * from * side * side * side));
    for (auto& v : weight.values) v = normal(random) / std::sqrt(float(from * side * side * side));
    auto& bias = all[name + ".bias"];
    bias.shape = {to};
    bias.values.resize(std::size_t(to));
    for (auto& v : bias.values) v = normal(random) / 4;
  };
  add("net.enc.0.0.0", 4, 8, 3);
  add("net.enc.0.1.0", 4, 4, 3);
  add("net.enc.1.0.0", 6, 4, 3);
  add("net.up.0", 4, 6, 1);
  add("net.dec.0.0.0", 4, 4, 3);
  for (int p = 0; p < 8; ++p) add(fmt::format("heads.{}", p), kClasses, 4, 1);
  return all;
}

/// The same network, written down plainly.
struct Plain {
  using Grid = std::array<std::int64_t, 3>;
  struct Map {
    int channels;
    Grid n;
    std::vector<double> v;
    double& at(int c, int d, int h, int w) { return v[std::size_t(((c * n[0] + d) * n[1] + h) * n[2] + w)]; }
    bool inside(int d, int h, int w) const { return d >= 0 && h >= 0 && w >= 0 && d < n[0] && h < n[1] && w < n[2]; }
  };
  static Map make(int channels, Grid n) {
    return {channels, n, std::vector<double>(std::size_t(channels * n[0] * n[1] * n[2]))};
  }
  static std::size_t place(const Grid& n, std::int64_t d, std::int64_t h, std::int64_t w) {
    return std::size_t((d * n[1] + h) * n[2] + w);
  }
  template <class Visit>
  static void each(const Map& m, Visit visit) {
    for (int c = 0; c < m.channels; ++c)
      for (int d = 0; d < m.n[0]; ++d)
        for (int h = 0; h < m.n[1]; ++h)
          for (int w = 0; w < m.n[2]; ++w) visit(c, d, h, w);
  }

  const onnx::Tensors& all;

  Map convolve(Map x, const std::string& name, bool rectify) const {
    const auto &weight = all.at(name + ".weight"), &bias = all.at(name + ".bias");
    const auto from = weight.shape[1], side = weight.shape[2];
    const int reach = int(side / 2);
    Map y = make(int(weight.shape[0]), x.n);
    each(y, [&](int c, int d, int h, int w) {
      double sum = bias.values[std::size_t(c)];
      for (int f = 0; f < from; ++f)
        for (int i = 0; i < side; ++i)
          for (int j = 0; j < side; ++j)
            for (int k = 0; k < side; ++k)
              if (x.inside(d + i - reach, h + j - reach, w + k - reach))
                sum += weight.values[std::size_t((((c * from + f) * side + i) * side + j) * side + k)] *
                       x.at(f, d + i - reach, h + j - reach, w + k - reach);
      y.at(c, d, h, w) = rectify ? std::max(sum, 0.0) : sum;
    });
    return y;
  }

  Answer run(const std::vector<float>& image, Grid n) const {
    Map x = make(8, {n[0] / 2, n[1] / 2, n[2] / 2});
    each(x, [&](int c, int d, int h, int w) {
      x.at(c, d, h, w) = image[place(n, 2 * d + c / 4, 2 * h + c / 2 % 2, 2 * w + c % 2)];
    });
    x = convolve(convolve(x, "net.enc.0.0.0", true), "net.enc.0.1.0", true);
    Map small = make(4, {n[0] / 4, n[1] / 4, n[2] / 4});
    each(small, [&](int c, int d, int h, int w) {
      small.at(c, d, h, w) = -1e9;
      for (int p = 0; p < 8; ++p)
        small.at(c, d, h, w) = std::max(small.at(c, d, h, w), x.at(c, 2 * d + p / 4, 2 * h + p / 2 % 2, 2 * w + p % 2));
    });
    small = convolve(convolve(small, "net.enc.1.0.0", true), "net.up.0", false);
    each(x, [&](int c, int d, int h, int w) { x.at(c, d, h, w) += small.at(c, d / 2, h / 2, w / 2); });
    x = convolve(x, "net.dec.0.0.0", true);
    Map scores = make(kClasses, n);
    for (int p = 0; p < 8; ++p) {
      Map y = convolve(x, fmt::format("heads.{}", p), false);
      each(y, [&](int c, int d, int h, int w) {
        scores.at(c, 2 * d + p / 4, 2 * h + p / 2 % 2, 2 * w + p % 2) = y.at(c, d, h, w);
      });
    }
    if (all.contains("taps"))
      for (int axis = 0; axis < 3; ++axis) scores = smoothed(scores, axis);
    return decided(scores);
  }

  Map smoothed(Map x, int axis) const {
    const auto& taps = all.at("taps").values;
    Map y = make(x.channels, x.n);
    each(y, [&](int c, int d, int h, int w) {
      for (int t = 0; t < int(taps.size()); ++t) {
        std::array<int, 3> at{d, h, w};
        at[std::size_t(axis)] += t - int(taps.size() / 2);
        if (x.inside(at[0], at[1], at[2])) y.at(c, d, h, w) += taps[std::size_t(t)] * x.at(c, at[0], at[1], at[2]);
      }
    });
    return y;
  }

  static Answer decided(Map scores) {
    const auto size = scores.v.size() / kClasses;
    Answer out{std::vector<std::uint8_t>(size), std::vector<std::uint8_t>(size)};
    for (std::size_t i = 0; i < size; ++i) {
      std::size_t best = 0;
      double sum = 0;
      for (std::size_t c = 1; c < kClasses; ++c)
        if (scores.v[c * size + i] > scores.v[best * size + i]) best = c;
      for (std::size_t c = 0; c < kClasses; ++c) sum += std::exp(scores.v[c * size + i] - scores.v[best * size + i]);
      out.labels[i] = std::uint8_t(best);
      out.confidence[i] = std::uint8_t(255 / sum + 0.5);
    }
    return out;
  }
};

std::vector<float> random_image(Plain::Grid n) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(0, 2);
  std::vector<float> image(std::size_t(n[0] * n[1] * n[2]));
  for (auto& v : image) v = uniform(random);
  return image;
}

void expect_same(const onnx::Tensors& weights, Plain::Grid n) {
  const auto image = random_image(n);
  const auto net = UNet::open(weights, {.bfloat16 = false}).value();
  const auto ours = net->run(image, {std::size_t(n[0]), std::size_t(n[1]), std::size_t(n[2])}).value();
  const auto plain = Plain{weights}.run(image, n);
  EXPECT_EQ(ours.labels, plain.labels);
  for (std::size_t i = 0; i < image.size(); ++i) ASSERT_NEAR(ours.confidence[i], plain.confidence[i], 1) << i;
  EXPECT_GT(std::set(plain.labels.begin(), plain.labels.end()).size(), 1U);
}

TEST(UNet, ComputesWhatItsWeightsSay) {
  const auto weights = random_weights();
  const auto net = UNet::open(weights, {.bfloat16 = false}).value();
  EXPECT_EQ(net->multiple(), 4U);
  EXPECT_EQ(net->arithmetic(), "fp32");
  expect_same(weights, {12, 8, 20});
}

TEST(UNet, SmoothsScoresAcrossTheLayersThatItTakesAtOnce) {
  auto weights = random_weights();
  weights["taps"] = {{5}, {0.3F, 0.4F, 0.1F, 0.15F, 0.05F}};  // no mirror image of themselves
  expect_same(weights, {28, 8, 12});
  weights["taps"] = {{2}, {0.5F, 0.5F}};
  EXPECT_EQ(UNet::open(weights, {}).error().code, Code::unsupported);
}

TEST(UNet, IsNearlyTheSameInBfloat16) {
  const auto weights = random_weights();
  const auto net = UNet::open(weights, {}).value();
  if (net->arithmetic() == "fp32") GTEST_SKIP() << "skipped: this processor has no AMX";
  const auto image = random_image({32, 32, 32});
  const auto ours = net->run(image, {32, 32, 32}).value();
  const auto single = UNet::open(weights, {.bfloat16 = false}).value()->run(image, {32, 32, 32}).value();
  std::size_t same = 0;
  for (std::size_t i = 0; i < image.size(); ++i) same += ours.labels[i] == single.labels[i];
  EXPECT_GT(double(same), 0.97 * double(image.size()));
}

TEST(UNet, SaysWhatIsMissingInOtherWeights) {
  auto weights = random_weights();
  weights.erase("net.up.0.bias");
  const auto refused = UNet::open(weights, {});
  EXPECT_EQ(refused.error().code, Code::unsupported);
  EXPECT_THAT(refused.error().what, testing::HasSubstr("net.up.0"));
  EXPECT_EQ(UNet::open({}, {}).error().code, Code::unsupported);
}

TEST(UNet, RefusesSidesThatDoNotDivide) {
  const auto net = UNet::open(random_weights(), {}).value();
  EXPECT_EQ(net->run(random_image({6, 8, 8}), {6, 8, 8}).error().code, Code::invalid);
  EXPECT_EQ(net->run(random_image({2, 2, 2}), {8, 8, 8}).error().code, Code::invalid);
}

}  // namespace
}  // namespace larmor::onednn
