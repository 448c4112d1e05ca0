#pragma once
/// For the tests of net: a running server, a raw socket that speaks as badly as the test wants, and other people's
/// programs.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>
#include <thread>

#include "base/file.h"
#include "base/test_support.h"
#include "net/client.h"
#include "net/server.h"

namespace larmor::net::testing {

/// A router and its server; the router is there before the server and after it.
struct Running {
  explicit Running(std::vector<Route> routes, const ServerOptions& options = {}) {
    router.add(std::move(routes));
    auto listening = Server::listen(options, router);
    if (!listening) ADD_FAILURE() << to_string(listening.error());
    if (listening) server = std::move(*listening);
    secure = options.tls.has_value();
  }
  std::string base() const { return fmt::format("{}://127.0.0.1:{}", secure ? "https" : "http", server->port()); }

  Router router;
  std::unique_ptr<Server> server;
  bool secure = false;
};

inline Route route(Method method, std::string pattern, Handler handler) {
  return {method, std::move(pattern), Scope::read, "A route of a test", std::move(handler)};
}

inline Result<Response> say(std::string text) {
  Response response;
  response.headers.emplace("content-type", "text/plain");
  response.body = std::move(text);
  return response;
}

inline std::unique_ptr<Client> client_of(const Running& running, ClientOptions options = {}) {
  options.base = running.base();
  return std::move(Client::make(options)).value();
}

/// A TCP connection in the hands of the test.
class Raw {
 public:
  explicit Raw(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  bool send(std::string_view text) {
    return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  /// Everything that comes until `mark` was seen, the end, or five seconds of silence.
  std::string read_until(std::string_view mark) {
    std::array<char, 65536> buffer{};
    while (mark.empty() || seen_.find(mark) == std::string::npos) {
      pollfd asked{socket_.get(), POLLIN, 0};
      if (::poll(&asked, 1, 5000) <= 0) break;
      const auto n = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      closed_ = n <= 0;
      if (closed_) break;
      seen_.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return std::exchange(seen_, {});
  }
  /// Whether something has come that was not read yet.
  bool has_more() const {
    pollfd asked{socket_.get(), POLLIN, 0};
    return ::poll(&asked, 1, 0) > 0;
  }
  std::string read_to_end() { return read_until(""); }
  bool closed() const { return closed_; }
  void hang_up() { socket_ = FileHandle(); }

 private:
  FileHandle socket_;
  std::string seen_;
  bool closed_ = false;
};

/// What another program prints, with its exit status as the last line.
inline std::string shell(const std::string& command) {
  std::string out;
  auto* pipe = ::popen((command + " 2>&1; echo \"exit $?\"").c_str(), "r");
  std::array<char, 65536> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
  ::pclose(pipe);
  return out;
}

/// Megabytes in memory now, of this process.
inline double resident_megabytes() {
  const auto text = read_file("/proc/self/statm").value_or("0 0");
  std::istringstream words(text);
  double pages = 0;
  words >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

/// `size` bytes that nobody stores: byte i is i modulo 251.
class Counting final : public ByteSource {
 public:
  explicit Counting(std::uint64_t size) : left_(size) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
    for (std::size_t i = 0; i < n; ++i) into[i] = static_cast<std::byte>((at_ + i) % 251);
    at_ += n;
    left_ -= n;
    return n;
  }

 private:
  std::uint64_t at_ = 0, left_;
};

/// How many bytes came, and whether they are those of Counting.
inline Result<std::uint64_t> count(ByteSource& source) {
  std::vector<std::byte> buffer(256u << 10);
  std::uint64_t at = 0;
  for (;;) {
    const auto n = TRY(source.read(buffer));
    if (n == 0) return at;
    for (std::size_t i = 0; i < n; ++i)
      if (buffer[i] != static_cast<std::byte>((at + i) % 251)) return fail(Code::corrupt, "byte {} is wrong", at + i);
    at += n;
  }
}

/// Waits for something that happens on another thread; at most ten seconds.
template <class Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

}  // namespace larmor::net::testing
