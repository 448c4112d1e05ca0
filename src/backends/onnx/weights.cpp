#include "backends/onnx/weights.h"

#include <bit>
#include <cstring>

#include "base/file.h"

namespace larmor::onnx {
namespace {

// Numbers of the fields in onnx.proto, and of its data types.
constexpr std::uint64_t kModelGraph = 7, kGraphInitializer = 5;
constexpr std::uint64_t kTensorDims = 1, kTensorType = 2, kTensorName = 8, kTensorRaw = 9;
constexpr std::uint64_t kFloat = 1, kFloat16 = 10;
constexpr std::size_t kMostElements = std::size_t{1} << 30;

/// One field of a message: a number, or bytes.
struct Field {
  std::uint64_t id = 0, number = 0;
  Bytes bytes;
};

/// Walks over the fields of a message, in the order of the file.
class Message {
 public:
  explicit Message(Bytes bytes) : left_(bytes) {}

  /// Nothing at the end.
  Result<std::optional<Field>> next() {
    if (left_.empty()) return std::nullopt;
    const auto key = TRY(varint());
    Field field{.id = key >> 3, .number = 0, .bytes = {}};
    switch (key & 7) {
      case 0:
        field.number = TRY(varint());
        break;
      case 1:
        TRY(take(8));
        break;
      case 2:
        field.bytes = TRY(take(TRY(varint())));
        break;
      case 5:
        TRY(take(4));
        break;
      default:
        return fail(Code::corrupt, "no ONNX model: a field of an unknown kind");
    }
    return field;
  }

 private:
  Result<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(left_.front());
      left_ = left_.subspan(1);
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return fail(Code::corrupt, "no ONNX model: a number without an end");
  }
  Result<Bytes> take(std::uint64_t count) {
    if (count > left_.size()) return fail(Code::corrupt, "no ONNX model, or cut: a field is longer than the file");
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  Bytes left_;
};

/// The bits move to their places in a float; what the exponents count from differs by 112. _Float16 is not in every
/// compiler.
float of_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16, moved = (bits & 0x7FFFU) << 13;
  const bool finite = (bits & 0x7C00U) != 0x7C00U;
  const auto size = finite ? std::bit_cast<std::uint32_t>(std::bit_cast<float>(moved) * 0x1p112F) : moved | 0x7F800000U;
  return std::bit_cast<float>(size | sign);
}

/// `raw` as little-endian numbers of that type.
template <class Stored, class Convert>
std::vector<float> numbers(Bytes raw, Convert convert) {
  std::vector<float> values(raw.size() / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, raw.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = convert(stored);
  }
  return values;
}

/// A list that was written as one field: varints without keys.
std::vector<std::int64_t> packed(Bytes bytes) {
  std::vector<std::int64_t> values;
  std::uint64_t value = 0;
  int shift = 0;
  for (const auto byte : bytes) {
    value |= (std::to_integer<std::uint64_t>(byte) & 0x7F) << shift;
    shift += 7;
    if (std::to_integer<unsigned>(byte) >= 0x80 && shift < 63) continue;
    values.push_back(static_cast<std::int64_t>(value));
    value = 0;
    shift = 0;
  }
  return values;
}

Result<std::pair<std::string, Tensor>> tensor_of(Bytes message) {
  std::string name;
  Tensor tensor;
  std::uint64_t type = 0;
  Bytes raw;
  Message fields(message);
  while (const auto field = TRY(fields.next())) {
    if (field->id == kTensorName) name.assign(reinterpret_cast<const char*>(field->bytes.data()), field->bytes.size());
    if (field->id == kTensorType) type = field->number;
    if (field->id == kTensorRaw) raw = field->bytes;
    if (field->id != kTensorDims) continue;
    const auto dims =
        field->bytes.empty() ? std::vector{static_cast<std::int64_t>(field->number)} : packed(field->bytes);
    tensor.shape.insert(tensor.shape.end(), dims.begin(), dims.end());
  }
  if (type == kFloat)
    tensor.values = numbers<float>(raw, [](float v) { return v; });
  else if (type == kFloat16)
    tensor.values = numbers<std::uint16_t>(raw, of_half);
  else
    return fail(Code::unsupported, "weights '{}' are of ONNX type {}, neither FLOAT nor FLOAT16", name, type);
  std::size_t wanted = 1;
  for (const auto n : tensor.shape)
    wanted = n > 0 && wanted <= kMostElements ? wanted * static_cast<std::size_t>(n) : 0;
  if (wanted != tensor.values.size())
    return fail(Code::corrupt, "weights '{}' should be {} numbers and are {}", name, wanted, tensor.values.size());
  return std::pair(std::move(name), std::move(tensor));
}

}  // namespace

Result<Tensors> parse_weights(Bytes model) {
  Tensors tensors;
  bool graph = false;
  Message model_fields(model);
  while (const auto part = TRY(model_fields.next())) {
    if (part->id != kModelGraph) continue;
    graph = true;
    Message graph_fields(part->bytes);
    while (const auto field = TRY(graph_fields.next()))
      if (field->id == kGraphInitializer) tensors.insert(TRY(tensor_of(field->bytes)));
  }
  if (!graph) return fail(Code::corrupt, "no ONNX model: it holds no graph");
  return tensors;
}

Result<Tensors> read_weights(const std::filesystem::path& file) {
  const auto bytes = TRY(read_file(file));
  auto tensors = parse_weights(as_bytes(bytes));
  if (!tensors) return fail_with(while_doing("reading " + file.string(), std::move(tensors).error()));
  return tensors;
}

}  // namespace larmor::onnx
