#pragma once
/// The weights in an ONNX file, by name: its initializers of type FLOAT or FLOAT16 with their bytes in `raw_data`. What
/// the file says about the graph is not read. Format: onnx.proto of ONNX 1.12 in the wire format of protocol buffers.
///
/// Pure but for reading the file. Failures: `not_found`, `corrupt` (not such a file, or cut), `unsupported` (weights of
/// another type).
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace larmor::onnx {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< the last index runs fastest
};
using Tensors = std::map<std::string, Tensor>;

Result<Tensors> read_weights(const std::filesystem::path& file);
Result<Tensors> parse_weights(Bytes model);

}  // namespace larmor::onnx
