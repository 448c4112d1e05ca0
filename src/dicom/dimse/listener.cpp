#include "dicom/dimse/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>

#include "base/log.h"

namespace larmor::dimse {
namespace {

std::string address_text(const sockaddr_storage& from) {
  char text[INET6_ADDRSTRLEN] = "";
  if (from.ss_family == AF_INET6) {
    const auto& a = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
    inet_ntop(AF_INET6, &a, text, sizeof text);
  } else {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(from).sin_addr, text, sizeof text);
  }
  return text;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(own).sin6_port
                                         : reinterpret_cast<sockaddr_in&>(own).sin_port);
}

Result<FileHandle> bind_socket(const std::string& address, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int e = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &found); e != 0)
    return fail_with({Code::invalid, fmt::format("cannot listen on '{}': {}", address, gai_strerror(e)),
                      "Give an address of this machine, or 0.0.0.0 for all", "address"});
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, freeaddrinfo);
  FileHandle socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (!socket || ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 || ::listen(socket.get(), 512) != 0)
    return fail_with({Code::unavailable, fmt::format("cannot listen on {}:{}: {}", address, port, std::strerror(errno)),
                      "Another program may have the port: `ss -ltnp` names it", "port"});
  return socket;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(const std::string& address, std::uint16_t port, int limit,
                                                 Serve serve) {
  auto socket = TRY(bind_socket(address, port));
  const auto bound = port_of(socket.get());
  return std::unique_ptr<Listener>(new Listener(std::move(socket), bound, limit, std::move(serve)));
}

Listener::Listener(FileHandle socket, std::uint16_t port, int limit, Serve serve)
    : socket_(std::move(socket)), port_(port), limit_(static_cast<std::size_t>(limit)), serve_(std::move(serve)) {
  acceptor_ = std::thread([this] { accept_all(); });
}

Listener::~Listener() {
  stopping_ = true;
  ::shutdown(socket_.get(), SHUT_RDWR);
  acceptor_.join();
  for (auto& c : connections_) ::shutdown(c.twin.get(), SHUT_RDWR);
  for (auto& c : connections_) c.thread.join();
}

void Listener::accept_all() {
  while (!stopping_) {
    pollfd wanted{socket_.get(), POLLIN, 0};
    const int ready = ::poll(&wanted, 1, 500);
    reap();
    if (ready <= 0) continue;
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    FileHandle socket(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_CLOEXEC));
    if (socket) {
      take(std::move(socket), address_text(from));
    } else if (!stopping_ && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
      log::warn("dimse", "cannot accept a connection: {}", std::strerror(errno));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
}

void Listener::take(FileHandle socket, std::string address) {
  const auto busy = connections_.size();
  if (busy >= 2 * limit_) return;
  auto& c = connections_.emplace_back();
  c.twin = FileHandle(::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0));
  const int own = ::fcntl(socket.get(), F_DUPFD_CLOEXEC, 3);
  if (own < 0 || !c.twin) {
    connections_.pop_back();
    return;
  }
  try {
    c.thread = std::thread([this, &c, own, address = std::move(address), crowded = busy >= limit_] {
      serve_(own, address, crowded);
      ::shutdown(c.twin.get(), SHUT_RDWR);
      c.ended = true;
    });
  } catch (const std::system_error& e) {
    log::warn("dimse", "cannot serve a connection: {}", e.what());
    const FileHandle closes(own);
    connections_.pop_back();
  }
}

void Listener::reap() {
  for (auto c = connections_.begin(); c != connections_.end();)
    if (c->ended) {
      c->thread.join();
      c = connections_.erase(c);
    } else {
      ++c;
    }
}

}  // namespace larmor::dimse
