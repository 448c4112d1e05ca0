#pragma once
/// A neural network, run by ONNX Runtime. The library is opened with dlopen when the first session is made, so that a
/// process that runs no network pays nothing for it, and a site can put a build for its own processor or GPU in its
/// place.
///
/// Owns: the loaded network. Threads: one call at a time per session; the library itself stays open until the process
/// ends, because its worker threads do. Failures: `not_found` (no library, no network), `unsupported` (built without
/// ONNX Runtime, library too old, network asks for something else), `invalid` (shapes), `internal` (the runtime's own
/// words).
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace larmor::onnxruntime {

struct SessionOptions {
  std::filesystem::path library;  ///< libonnxruntime.so.1
  std::filesystem::path network;  ///< the .onnx file
  int threads = 2;
};

struct ByteTensor {
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> values;
};

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const SessionOptions&);
  virtual ~Session() = default;

  /// One float input; the named outputs, each of bytes, in the order asked for.
  virtual Result<std::vector<ByteTensor>> run(const std::string& input, std::span<const float> values,
                                              std::span<const std::int64_t> shape,
                                              std::span<const std::string> outputs) = 0;
  /// What the library calls itself: "1.30.0".
  virtual std::string version() const = 0;
};

}  // namespace larmor::onnxruntime
