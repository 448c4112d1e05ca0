#include "backends/onnxruntime/session.h"

#ifdef LARMOR_HAVE_ONNXRUNTIME

#include <dlfcn.h>
#include <onnxruntime_c_api.h>

#include <mutex>

#include "backends/onnxruntime/blocks.h"

namespace larmor::onnxruntime {
namespace {

/// Tensors in use and idle ones together: what a head of 180 x 220 x 180 mm takes at its widest. Below it nothing is
/// unmapped, above it nothing lies idle.
constexpr std::size_t kKeptBytes = std::size_t{1} << 30;

/// Our memory in the runtime's clothes. The runtime asks for it from several threads.
struct Memory : OrtAllocator {
  Blocks blocks{kKeptBytes};
  OrtMemoryInfo* info = nullptr;

  Memory() : OrtAllocator{} {
    version = ORT_API_VERSION;
    Alloc = [](OrtAllocator* self, std::size_t n) { return static_cast<Memory*>(self)->get(n); };
    Reserve = Alloc;
    Free = [](OrtAllocator* self, void* p) { static_cast<Memory*>(self)->blocks.give(p); };
    Info = [](const OrtAllocator* self) -> const OrtMemoryInfo* { return static_cast<const Memory*>(self)->info; };
  }
  void* get(std::size_t n) noexcept {
    try {
      return blocks.take(n);
    } catch (...) {
      return nullptr;  // the caller is C
    }
  }
};

struct Library {
  const OrtApi* api = nullptr;
  std::string version;
  OrtEnv* env = nullptr;     ///< one per process, as the runtime wants it
  Memory* memory = nullptr;  ///< as long as the environment
};

/// An error of the runtime as ours.
Result<void> check(const Library& library, OrtStatus* status, const std::string& doing) {
  if (!status) return {};
  const std::unique_ptr<OrtStatus, void (*)(OrtStatus*)> held(status, library.api->ReleaseStatus);
  const auto code = library.api->GetErrorCode(status);
  const auto ours = code == ORT_NO_SUCHFILE                                     ? Code::not_found
                    : code == ORT_INVALID_ARGUMENT                              ? Code::invalid
                    : code == ORT_INVALID_PROTOBUF || code == ORT_INVALID_GRAPH ? Code::corrupt
                    : code == ORT_NOT_IMPLEMENTED                               ? Code::unsupported
                                                                                : Code::internal;
  return fail(ours, "ONNX Runtime {} cannot {}: {}", library.version, doing, library.api->GetErrorMessage(status));
}

/// Environment and memory; both live until the process ends, because the runtime's threads do.
Result<void> start(Library& library) {
  const OrtApi& ort = *library.api;
  CHECK_OK(check(library, ort.CreateEnv(ORT_LOGGING_LEVEL_ERROR, "larmor", &library.env), "start"));
  library.memory = new Memory;
  CHECK_OK(check(library, ort.CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &library.memory->info),
                 "describe memory"));
  return check(library, ort.RegisterAllocator(library.env, library.memory), "use our memory");
}

/// Opened once per process and path; never closed, since the runtime keeps threads.
Result<Library> open_library(const std::filesystem::path& path) {
  static std::mutex guard;
  static std::map<std::filesystem::path, Library> opened;
  const std::lock_guard lock(guard);
  if (const auto it = opened.find(path); it != opened.end()) return it->second;
  if (!std::filesystem::exists(path))
    return fail_with({Code::not_found, fmt::format("there is no ONNX Runtime at {}", path.string()),
                      "run tools/fetch_onnxruntime, or point the setting at your own libonnxruntime.so.1", ""});
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return fail(Code::unsupported, "cannot open {}: {}", path.string(), dlerror());
  const auto base = reinterpret_cast<const OrtApiBase* (*)()>(dlsym(handle, "OrtGetApiBase"));
  if (!base) return fail(Code::unsupported, "{} is no ONNX Runtime: it has no OrtGetApiBase", path.string());
  Library found{base()->GetApi(ORT_API_VERSION), base()->GetVersionString()};
  if (!found.api)
    return fail(Code::unsupported, "{} is ONNX Runtime {}; Larmor needs 1.{} or newer", path.string(), found.version,
                ORT_API_VERSION);
  CHECK_OK(start(found));
  opened.emplace(path, found);
  return found;
}

/// The runtime's handles, released by the function that fits each.
template <class T>
using Owned = std::unique_ptr<T, std::function<void(T*)>>;
template <class T>
Owned<T> own(T* pointer, void (*release)(T*)) {
  return Owned<T>(pointer, release);
}

class RuntimeSession final : public Session {
 public:
  explicit RuntimeSession(Library library) : library_(std::move(library)) {}

  Result<void> start(const SessionOptions& options) {
    const OrtApi& ort = *library_.api;
    OrtSessionOptions* raw = nullptr;
    CHECK_OK(check(ort.CreateSessionOptions(&raw), "prepare"));
    const auto settings = own(raw, ort.ReleaseSessionOptions);
    CHECK_OK(check(ort.SetIntraOpNumThreads(raw, options.threads), "set threads"));
    CHECK_OK(check(ort.SetSessionGraphOptimizationLevel(raw, ORT_ENABLE_ALL), "set optimisation"));
    // The arena keeps every block that it ever had and rounds up to powers of two; patterns expect the same size each
    // time.
    CHECK_OK(check(ort.DisableCpuMemArena(raw), "switch the arena off"));
    CHECK_OK(check(ort.DisableMemPattern(raw), "switch memory patterns off"));
    CHECK_OK(check(ort.AddSessionConfigEntry(raw, "session.use_env_allocators", "1"), "configure"));
    // Waiting threads sleep: other work runs on the same cores. Numbers next to zero would cost a hundredfold.
    CHECK_OK(check(ort.AddSessionConfigEntry(raw, "session.intra_op.allow_spinning", "0"), "configure"));
    CHECK_OK(check(ort.AddSessionConfigEntry(raw, "session.set_denormal_as_zero", "1"), "configure"));

    OrtSession* session = nullptr;
    CHECK_OK(check(ort.CreateSession(library_.env, options.network.c_str(), raw, &session),
                   "load " + options.network.string()));
    session_ = own(session, ort.ReleaseSession);
    return {};
  }

  Result<std::vector<ByteTensor>> run(const std::string& input, std::span<const float> values,
                                      std::span<const std::int64_t> shape,
                                      std::span<const std::string> outputs) override {
    const OrtApi& ort = *library_.api;
    std::size_t wanted = 1;
    for (const auto n : shape) wanted *= n > 0 ? std::size_t(n) : 0;
    if (wanted == 0 || wanted != values.size())
      return fail(Code::invalid, "the shape asks for {} numbers, {} are given", wanted, values.size());
    OrtValue* tensor = nullptr;
    // The runtime only reads its inputs; its interface has no word for that.
    CHECK_OK(check(ort.CreateTensorWithDataAsOrtValue(library_.memory->info, const_cast<float*>(values.data()),
                                                      values.size_bytes(), shape.data(), shape.size(),
                                                      ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &tensor),
                   "take the input"));
    const auto held = own(tensor, ort.ReleaseValue);
    const char* input_name = input.c_str();
    std::vector<const char*> names;
    for (const auto& o : outputs) names.push_back(o.c_str());
    std::vector<OrtValue*> made(outputs.size(), nullptr);
    const auto status =
        check(ort.Run(session_.get(), nullptr, &input_name, &tensor, 1, names.data(), names.size(), made.data()),
              "run the network");
    std::vector<Owned<OrtValue>> owned;
    for (auto* value : made) owned.push_back(own(value, ort.ReleaseValue));
    CHECK_OK(status);
    std::vector<ByteTensor> out;
    for (std::size_t i = 0; i < made.size(); ++i) out.push_back(TRY(take(made[i], outputs[i])));
    return out;
  }

  std::string version() const override { return library_.version; }

 private:
  Result<void> check(OrtStatus* status, const std::string& doing) const {
    return onnxruntime::check(library_, status, doing);
  }

  Result<ByteTensor> take(OrtValue* value, const std::string& name) const {
    const OrtApi& ort = *library_.api;
    OrtTensorTypeAndShapeInfo* raw = nullptr;
    CHECK_OK(check(ort.GetTensorTypeAndShape(value, &raw), "describe " + name));
    const auto info = own(raw, ort.ReleaseTensorTypeAndShapeInfo);
    ONNXTensorElementDataType type{};
    std::size_t rank = 0, elements = 0;
    CHECK_OK(check(ort.GetTensorElementType(raw, &type), "describe " + name));
    CHECK_OK(check(ort.GetDimensionsCount(raw, &rank), "describe " + name));
    CHECK_OK(check(ort.GetTensorShapeElementCount(raw, &elements), "describe " + name));
    if (type != ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8)
      return fail(Code::unsupported, "the network's output {} is not of bytes (ONNX element type {})", name, int(type));
    ByteTensor out;
    out.shape.resize(rank);
    CHECK_OK(check(ort.GetDimensions(raw, out.shape.data(), rank), "describe " + name));
    void* data = nullptr;
    CHECK_OK(check(ort.GetTensorMutableData(value, &data), "read " + name));
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    out.values.assign(bytes, bytes + elements);
    return out;
  }

  Library library_;
  Owned<OrtSession> session_;
};

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const SessionOptions& options) {
  if (!std::filesystem::exists(options.network))
    return fail(Code::not_found, "there is no network at {}", options.network.string());
  auto session = std::make_unique<RuntimeSession>(TRY(open_library(options.library)));
  CHECK_OK(session->start(options));
  return session;
}

}  // namespace larmor::onnxruntime

#else

namespace larmor::onnxruntime {

Result<std::unique_ptr<Session>> Session::open(const SessionOptions&) {
  return fail_with({Code::unsupported, "this Larmor was built without ONNX Runtime",
                    "run tools/fetch_onnxruntime, then configure and build again", ""});
}

}  // namespace larmor::onnxruntime

#endif
