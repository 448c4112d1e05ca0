#include "services/processing/brain/network.h"

#include "backends/onednn/unet.h"
#include "backends/onnxruntime/session.h"

namespace larmor::processing::brain {
namespace {

class UNet final : public Network {
 public:
  explicit UNet(std::unique_ptr<onednn::UNet> net) : net_(std::move(net)) {}
  Result<Answer> run(const imaging::Volume<float>& input) override {
    const auto& s = input.shape();
    auto answer = TRY(net_->run(input.voxels, {s[0], s[1], s[2]}));
    return Answer{std::move(answer.labels), std::move(answer.confidence)};
  }
  std::string engine() const override { return fmt::format("oneDNN ({})", net_->arithmetic()); }

 private:
  std::unique_ptr<onednn::UNet> net_;
};

class OnnxNetwork final : public Network {
 public:
  OnnxNetwork(std::unique_ptr<onnxruntime::Session> session, const Model& m)
      : session_(std::move(session)), input_(m.input), outputs_{m.labels, m.confidence} {}
  Result<Answer> run(const imaging::Volume<float>& input) override {
    const auto& s = input.shape();
    const std::array<std::int64_t, 5> shape{1, 1, std::int64_t(s[0]), std::int64_t(s[1]), std::int64_t(s[2])};
    auto answers = TRY(session_->run(input_, input.voxels, shape, outputs_));
    return Answer{std::move(answers[0].values), std::move(answers[1].values)};
  }
  std::string engine() const override { return "ONNX Runtime " + session_->version(); }

 private:
  std::unique_ptr<onnxruntime::Session> session_;
  std::string input_;
  std::array<std::string, 2> outputs_;
};

/// Nothing where the weights are another network's.
Result<std::unique_ptr<Network>> open_unet(const Model& m, const Options& options) {
  const auto weights = TRY(onnx::read_weights(m.weights));
  auto net = TRY(onednn::UNet::open(weights, {.threads = options.threads}));
  if (m.side_multiple % net->multiple() != 0)
    return fail(Code::unsupported, "the manifest promises sides of multiples of {}, the network needs {}",
                m.side_multiple, net->multiple());
  return std::make_unique<UNet>(std::move(net));
}

}  // namespace

Result<std::unique_ptr<Network>> Network::open(const Model& m, const Options& options) {
  if (options.engine != Engine::onnxruntime) {
    auto unet = open_unet(m, options);
    if (unet || options.engine == Engine::onednn || unet.error().code != Code::unsupported) return unet;
  }
  return std::make_unique<OnnxNetwork>(
      TRY(onnxruntime::Session::open({options.onnxruntime, m.weights, options.threads})), m);
}

}  // namespace larmor::processing::brain
