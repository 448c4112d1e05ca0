#pragma once
/// A listening socket and one thread per connection, bounded; knows nothing of DICOM. Internal to dicom/dimse.
///
/// The threads get the accepted descriptor and its peer's address and own the descriptor. Beyond `limit` a connection
/// still gets a thread (`crowded`), so that it can be told why it is sent away; beyond twice the limit it is closed at
/// once.
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <thread>

#include "base/file.h"
#include "base/result.h"

namespace larmor::dimse {

class Listener {
 public:
  using Serve = std::function<void(int socket, const std::string& address, bool crowded)>;
  static Result<std::unique_ptr<Listener>> open(const std::string& address, std::uint16_t port, int limit, Serve);
  ~Listener();  ///< no new ones, shuts the open ones down, joins
  std::uint16_t port() const { return port_; }

 private:
  struct Connection {
    FileHandle twin;  ///< a duplicate, so that shutting down never hits a descriptor that was reused
    std::atomic<bool> ended{false};
    std::thread thread;
  };
  Listener(FileHandle socket, std::uint16_t port, int limit, Serve serve);
  void accept_all();
  void take(FileHandle socket, std::string address);
  void reap();

  FileHandle socket_;
  std::uint16_t port_;
  std::size_t limit_;
  Serve serve_;
  std::atomic<bool> stopping_{false};
  std::list<Connection> connections_;
  std::thread acceptor_;
};

}  // namespace larmor::dimse
