#pragma once
/// Other people's programs for tests: started on free ports of 127.0.0.1, stopped by their process id, output kept in a
/// file.
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/test_support.h"

namespace larmor::dimse::testing {

inline std::string slurp(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// One that was free a moment ago, or -1.
inline int free_port() {
  const int s = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  const bool known = ::bind(s, reinterpret_cast<sockaddr*>(&own), size) == 0 &&
                     ::getsockname(s, reinterpret_cast<sockaddr*>(&own), &size) == 0;
  ::close(s);
  return known ? ntohs(own.sin_port) : -1;
}

/// A connected socket, or -1.
inline int connect_to(int port) {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(s, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) return s;
  ::close(s);
  return -1;
}

/// Takes connections in and says nothing.
class Silent {
 public:
  Silent() {
    sockaddr_in own{};
    own.sin_family = AF_INET, own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    own.sin_port = htons(static_cast<std::uint16_t>(port_));
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0 || ::listen(socket_, 5) != 0) port_ = -1;
  }
  ~Silent() { ::close(socket_); }
  Silent(const Silent&) = delete;
  int port() const { return port_; }

 private:
  int port_ = free_port();
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

/// A running program; killed at the end of its scope.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments, std::vector<std::string> environment = {}) {
    std::vector<char*> argv, envp;
    for (auto& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    for (char** e = environ; *e; ++e)
      if (std::strncmp(*e, "TCP_NODELAY=", 12) != 0) envp.push_back(*e);
    for (auto& e : environment) envp.push_back(e.data());
    envp.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, output_file().c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), envp.data()) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Process() { kill(SIGKILL), wait(); }
  Process(const Process&) = delete;

  bool started() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  void kill(int signal) {
    if (pid_ > 0 && !ended_) ::kill(pid_, signal);
  }
  /// Exit status; 128 and the signal's number when a signal ended it; -1 when it never started.
  int wait() {
    if (pid_ > 0 && !ended_) {
      int status = 0;
      ::waitpid(pid_, &status, 0);
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      ended_ = true;
    }
    return status_;
  }
  std::string output() const { return slurp(output_file()); }

 private:
  std::string output_file() const { return (folder_.path() / "output").string(); }
  Scratch folder_;
  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = -1;
};

/// Until `condition` holds, at most 20 s.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

inline bool listens(int port) {
  return eventually([&] {
    const int s = connect_to(port);
    if (s >= 0) ::close(s);
    return s >= 0;
  });
}

}  // namespace larmor::dimse::testing
