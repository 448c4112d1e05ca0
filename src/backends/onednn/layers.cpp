#include "backends/onednn/layers.h"

namespace larmor::onednn {

using dnnl::memory;

namespace {

memory::dim dim(std::size_t n) {
  return static_cast<memory::dim>(n);
}

/// oneDNN only reads what it is given as input; its interface has no word for that.
void* borrowed(std::span<const float> values) {
  return const_cast<float*>(values.data());
}

}  // namespace

Result<Kernel> kernel_of(const onnx::Tensors& all, const std::string& name, std::size_t from) {
  const auto weight = all.find(name + ".weight"), bias = all.find(name + ".bias");
  if (weight == all.end() || bias == all.end()) return fail(Code::unsupported, "the weights have no {}", name);
  const auto& s = weight->second.shape;
  const bool fits = s.size() == 5 && s[2] == s[3] && s[3] == s[4] && s[2] % 2 == 1 && bias->second.shape.size() == 1 &&
                    bias->second.shape[0] == s[0];
  if (!fits) return fail(Code::unsupported, "{} is no convolution of a cube of odd side", name);
  if (std::size_t(s[1]) != from) return fail(Code::unsupported, "{} wants {} channels and gets {}", name, s[1], from);
  return Kernel{weight->second.values, bias->second.values, std::size_t(s[0]), std::size_t(s[1]), std::size_t(s[2])};
}

memory::dims Layers::dims(std::size_t channels, const Sides& s) const {
  return {1, dim(channels), dim(s[0]), dim(s[1]), dim(s[2])};
}

memory Layers::in_layout(memory given, const memory::desc& wanted) {
  if (given.get_desc() == wanted) return given;
  memory out(wanted, engine_);
  dnnl::reorder(given, out).execute(stream_, given, out);
  stream_.wait();
  return out;
}

Tensor Layers::take(std::span<const float> values, std::size_t channels, const Sides& sides) {
  memory given({dims(channels, sides), memory::data_type::f32, memory::format_tag::ncdhw}, engine_, borrowed(values));
  memory own({dims(channels, sides), type_, memory::format_tag::ncdhw}, engine_);
  dnnl::reorder(given, own).execute(stream_, given, own);
  stream_.wait();
  return {own, channels, sides};
}

Tensor Layers::convolve(const Tensor& in, const Kernel& k, bool rectify) {
  const auto any = memory::format_tag::any;
  const memory::dims wide{dim(k.to), dim(k.from), dim(k.side), dim(k.side), dim(k.side)};
  const memory::dims ones{1, 1, 1}, border{dim(k.side / 2), dim(k.side / 2), dim(k.side / 2)};
  const memory::desc bias({dim(k.to)}, memory::data_type::f32, memory::format_tag::a);
  const dnnl::convolution_forward::desc wish(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
                                             {dims(k.from, in.sides), type_, any}, {wide, type_, any}, bias,
                                             {dims(k.to, in.sides), type_, any}, ones, border, border);
  dnnl::primitive_attr attributes;
  if (rectify) {
    dnnl::post_ops after;
    after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(after);
  }
  const dnnl::convolution_forward::primitive_desc plan(wish, attributes, engine_);
  const memory stored({wide, memory::data_type::f32, memory::format_tag::oidhw}, engine_, borrowed(k.weight));
  Tensor out{memory(plan.dst_desc(), engine_), k.to, in.sides};
  dnnl::convolution_forward(plan).execute(stream_, {{DNNL_ARG_SRC, in_layout(in.memory, plan.src_desc())},
                                                    {DNNL_ARG_WEIGHTS, in_layout(stored, plan.weights_desc())},
                                                    {DNNL_ARG_BIAS, memory(bias, engine_, borrowed(k.bias))},
                                                    {DNNL_ARG_DST, out.memory}});
  stream_.wait();
  return out;
}

Tensor Layers::shrink(const Tensor& in) {
  const Sides half{in.sides[0] / 2, in.sides[1] / 2, in.sides[2] / 2};
  const memory::dims twos{2, 2, 2}, none{0, 0, 0};
  const dnnl::pooling_forward::desc wish(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, in.memory.get_desc(),
      {dims(in.channels, half), type_, memory::format_tag::any}, twos, twos, none, none);
  const dnnl::pooling_forward::primitive_desc plan(wish, engine_);
  Tensor out{memory(plan.dst_desc(), engine_), in.channels, half};
  dnnl::pooling_forward(plan).execute(stream_, {{DNNL_ARG_SRC, in.memory}, {DNNL_ARG_DST, out.memory}});
  stream_.wait();
  return out;
}

void Layers::add_enlarged(const Tensor& coarse, Tensor& fine) {
  dnnl::post_ops after;
  after.append_sum(1);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  const dnnl::resampling_forward::desc wish(dnnl::prop_kind::forward_inference, dnnl::algorithm::resampling_nearest,
                                            coarse.memory.get_desc(), fine.memory.get_desc());
  const dnnl::resampling_forward::primitive_desc plan(wish, attributes, engine_);
  dnnl::resampling_forward(plan).execute(stream_, {{DNNL_ARG_SRC, coarse.memory}, {DNNL_ARG_DST, fine.memory}});
  stream_.wait();
}

std::vector<float> Layers::by_voxel(const Tensor& in) {
  std::vector<float> out(in.channels * in.sides[0] * in.sides[1] * in.sides[2]);
  memory given = in.memory;
  memory own({dims(in.channels, in.sides), memory::data_type::f32, memory::format_tag::ndhwc}, engine_, out.data());
  dnnl::reorder(given, own).execute(stream_, given, own);
  stream_.wait();
  return out;
}

void Layers::multiply(const float* left, const float* right, float* out, std::size_t rows, std::size_t inner,
                      std::size_t columns) {
  const auto status = dnnl::sgemm('N', 'T', dim(rows), dim(columns), dim(inner), 1, left, dim(inner), right, dim(inner),
                                  0, out, dim(columns));
  if (status != dnnl::status::success) throw dnnl::error(dnnl_runtime_error, "a matrix product failed");
}

}  // namespace larmor::onednn
