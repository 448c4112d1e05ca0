#include "pact.h"

#include <dlfcn.h>

#include <filesystem>
#include <thread>

namespace larmor::pact {
namespace {

namespace fs = std::filesystem;

constexpr auto kPackages = "web/node_modules/@pact-foundation";
constexpr auto kPacts = "tests/contracts/pacts";
constexpr int kVersion4 = 5;  // of pact's specification, in the library's count
enum Part : int { request = 0, response = 1 };

std::string library_file() {
  std::error_code none;
  for (fs::recursive_directory_iterator at(kPackages, none), end; at != end; at.increment(none))
    if (at->path().filename() == "libpact_ffi.so") return at->path().string();
  return {};
}

void* handle() {
  static void* const opened = [] {
    const auto file = library_file();
    return file.empty() ? nullptr : ::dlopen(file.c_str(), RTLD_NOW);
  }();
  return opened;
}

/// Becomes the function of that name, whatever its type.
struct Symbol {
  const char* name;
  template <class Function>
  operator Function*() const {
    auto* const found = ::dlsym(handle(), name);
    if (!found) throw std::runtime_error(fmt::format("pact's library has no {}", name));
    return reinterpret_cast<Function*>(found);
  }
};

/// The functions of libpact_ffi that are needed here; see docs.rs/pact_ffi.
struct Library {
  using Pact = std::uint16_t;
  using Interaction = std::uint32_t;
  void (*init)(const char* level) = Symbol{"pactffi_init_with_log_level"};
  Pact (*new_pact)(const char* consumer, const char* provider) = Symbol{"pactffi_new_pact"};
  bool (*specification)(Pact, int) = Symbol{"pactffi_with_specification"};
  Interaction (*new_interaction)(Pact, const char* what) = Symbol{"pactffi_new_interaction"};
  bool (*given)(Interaction, const char* state) = Symbol{"pactffi_given"};
  bool (*ask)(Interaction, const char* method, const char* path) = Symbol{"pactffi_with_request"};
  bool (*query)(Interaction, const char* name, std::size_t index,
                const char* value) = Symbol{"pactffi_with_query_parameter_v2"};
  bool (*header)(Interaction, int part, const char* name, std::size_t index,
                 const char* value) = Symbol{"pactffi_with_header_v2"};
  bool (*body)(Interaction, int part, const char* type, const char* body) = Symbol{"pactffi_with_body"};
  bool (*bytes)(Interaction, int part, const char* type, const char* bytes,
                std::size_t) = Symbol{"pactffi_with_binary_body"};
  bool (*status)(Interaction, unsigned short) = Symbol{"pactffi_response_status"};
  std::int32_t (*serve)(Pact, const char* address, std::uint16_t port, const char* transport,
                        const char* settings) = Symbol{"pactffi_create_mock_server_for_transport"};
  bool (*matched)(std::int32_t port) = Symbol{"pactffi_mock_server_matched"};
  char* (*mismatches)(std::int32_t port) = Symbol{"pactffi_mock_server_mismatches"};
  std::int32_t (*write)(std::int32_t port, const char* folder, bool overwrite) = Symbol{"pactffi_write_pact_file"};
  bool (*close)(std::int32_t port) = Symbol{"pactffi_cleanup_mock_server"};
};

const Library& library() {
  static const Library loaded = [] {
    Library l;
    l.init("ERROR");
    return l;
  }();
  return loaded;
}

std::string text(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

void must(bool done, std::string_view what) {
  if (!done) throw std::runtime_error(fmt::format("pact's library refused {}", what));
}

void set_body(std::uint32_t interaction, Part part, const Json& body, const std::string& bytes,
              const std::string& type) {
  const auto& l = library();
  if (!bytes.empty())
    must(l.bytes(interaction, part, type.c_str(), bytes.data(), bytes.size()), "bytes");
  else if (!body.is_null())
    must(l.body(interaction, part, type.c_str(), body.dump().c_str()), "a body");
}

}  // namespace

std::string missing() {
  if (handle()) return {};
  return fmt::format("pact's library is not below {}: npm ci --prefix web brings it", kPackages);
}

StandIn::StandIn(const std::string& consumer, const std::string& provider)
    : pact_(library().new_pact(consumer.c_str(), provider.c_str())) {
  must(library().specification(pact_, kVersion4), "version 4");
}

StandIn::~StandIn() {
  if (port_ > 0) library().close(port_);
}

void StandIn::expect(const std::string& what, const std::string& state, const Ask& ask, const Answer& answer) {
  const auto& l = library();
  const auto i = l.new_interaction(pact_, what.c_str());
  if (!state.empty()) must(l.given(i, state.c_str()), "a state");
  must(l.ask(i, ask.method.c_str(), text(ask.path).c_str()), "a path");
  std::map<std::string, std::size_t> seen;
  for (const auto& [name, value] : ask.query) must(l.query(i, name.c_str(), seen[name]++, text(value).c_str()), name);
  for (const auto& [name, value] : ask.headers) must(l.header(i, request, name.c_str(), 0, value.c_str()), name);
  set_body(i, request, ask.body, ask.bytes, ask.bytes.empty() ? "application/json" : "application/octet-stream");
  must(l.status(i, static_cast<unsigned short>(answer.status)), "a status");
  set_body(i, response, answer.body, answer.bytes, answer.type);
}

std::shared_ptr<net::Client> StandIn::open() {
  port_ = library().serve(pact_, "127.0.0.1", 0, "http", nullptr);
  must(port_ > 0, "a stand-in");
  return net::Client::make({.base = fmt::format("http://127.0.0.1:{}", port_), .tls = {}}).value();
}

std::string StandIn::complaints() const {
  // It takes note of a request only after it has answered.
  for (int i = 0; i < 200 && !library().matched(port_); ++i) std::this_thread::sleep_for(10ms);
  if (library().matched(port_)) return {};
  return library().mismatches(port_);
}

void StandIn::write() const {
  fs::create_directories(kPacts);
  must(library().write(port_, kPacts, true) == 0, "to write the pact");
}

}  // namespace larmor::pact
