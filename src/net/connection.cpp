#include "net/connection.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>
#include <future>
#include <thread>

#include "net/tls.h"

namespace larmor::net {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Result<std::vector<Address>> look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* list = nullptr;
  if (const int wrong = ::getaddrinfo(host.c_str(), fmt::format("{}", port).c_str(), &wanted, &list); wrong != 0)
    return fail(Code::unavailable, "cannot find the address of '{}': {}", host, ::gai_strerror(wrong));
  std::vector<Address> found;
  for (const auto* a = list; a; a = a->ai_next) {
    std::memcpy(&found.emplace_back().storage, a->ai_addr, a->ai_addrlen);
    found.back().size = a->ai_addrlen;
  }
  ::freeaddrinfo(list);
  return found;
}

Result<std::vector<Address>> resolve(const Peer& peer, Connection::Deadline deadline) {
  if (auto literal = look_up(peer.host, peer.port, AI_NUMERICHOST)) return literal;
  // getaddrinfo knows no deadline: it runs beside us, and when it is late only its thread waits on.
  std::promise<Result<std::vector<Address>>> promise;
  auto found = promise.get_future();
  std::thread([promise = std::move(promise), host = peer.host, port = peer.port]() mutable {
    promise.set_value(look_up(host, port, AI_ADDRCONFIG));
  }).detach();
  if (found.wait_until(deadline) != std::future_status::ready)
    return fail(Code::timed_out, "the name service gave no address for '{}' in time", peer.host);
  return found.get();
}

/// OpenSSL's own socket BIO raises SIGPIPE when the peer is gone; this one does not.
int bio_write(BIO* bio, const char* bytes, int size) {
  const int fd = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  const auto n = ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  BIO_clear_retry_flags(bio);
  if (n < 0 && BIO_sock_should_retry(-1)) BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

int bio_read(BIO* bio, char* bytes, int size) {
  const int fd = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  const auto n = ::recv(fd, bytes, static_cast<std::size_t>(size), 0);
  BIO_clear_retry_flags(bio);
  if (n < 0 && BIO_sock_should_retry(-1)) BIO_set_retry_read(bio);
  return static_cast<int>(n);
}

long bio_control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO* socket_bio(int fd) {
  static BIO_METHOD* const method = [] {
    auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "larmor socket");
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  auto* bio = BIO_new(method);
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

int milliseconds_to(Connection::Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

}  // namespace

Error Connection::broken(std::string_view doing, std::string_view why) const {
  return {Code::unavailable, fmt::format("cannot {} {}: {}", doing, base_, why), "", ""};
}

Connection::~Connection() {
  if (!ssl_) return;
  SSL_shutdown(ssl_);  // says close_notify if that is possible without waiting
  SSL_free(ssl_);
  ERR_clear_error();
}

Result<std::unique_ptr<Connection>> Connection::open(const Peer& peer, SSL_CTX* tls, Deadline deadline) {
  const auto addresses = TRY(resolve(peer, deadline));
  Error last{Code::unavailable, fmt::format("cannot connect to {}: no address", peer.base), "", ""};
  for (const auto& address : addresses) {
    FileHandle socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (!socket) return fail(Code::unavailable, "cannot connect to {}: {}", peer.base, std::strerror(errno));
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    std::unique_ptr<Connection> connection(new Connection(peer, std::move(socket)));
    connection->deadline_ = deadline;
    const int fd = connection->socket_.get();
    int error = 0;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0) error = errno;
    if (error == EINPROGRESS) {
      CHECK_OK(connection->wait_for(POLLOUT));
      socklen_t size = sizeof error;
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0) {
      last = connection->broken("connect to", std::strerror(error));
      continue;
    }
    if (tls) CHECK_OK(connection->shake_hands(peer, tls));
    return connection;
  }
  return fail_with(std::move(last));
}

Result<void> Connection::shake_hands(const Peer& peer, SSL_CTX* context) {
  ssl_ = SSL_new(context);
  if (!ssl_) return fail_with(broken("speak TLS with", tls_error("no memory")));
  auto* bio = socket_bio(socket_.get());
  SSL_set_bio(ssl_, bio, bio);
  in6_addr raw{};
  const bool literal =
      ::inet_pton(AF_INET, peer.host.c_str(), &raw) == 1 || ::inet_pton(AF_INET6, peer.host.c_str(), &raw) == 1;
  if (literal) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), peer.host.c_str());
  } else {
    SSL_set1_host(ssl_, peer.host.c_str());
    SSL_set_tlsext_host_name(ssl_, peer.host.c_str());
  }
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_);
    if (result == 1) return {};
    if (const auto verdict = SSL_get_verify_result(ssl_); verdict != X509_V_OK)
      return fail_with({Code::unauthenticated,
                        fmt::format("{} showed a certificate that is not accepted: {}", base_,
                                    X509_verify_cert_error_string(verdict)),
                        "Both sides need certificates of the same CA that name the host (`larmor certs init`).", ""});
    CHECK_OK(wait_for_tls(result, "speak TLS with"));
  }
}

Result<void> Connection::wait_for(short events) {
  for (;;) {
    pollfd asked{socket_.get(), events, 0};
    const int n = ::poll(&asked, 1, milliseconds_to(deadline_));
    if (n > 0) return {};
    if (n < 0 && errno != EINTR) return fail_with(broken("wait for", std::strerror(errno)));
    if (std::chrono::steady_clock::now() >= deadline_) return fail(Code::timed_out, "{} did not answer in time", base_);
  }
}

Result<void> Connection::wait_for_tls(int result, std::string_view doing) {
  const int error_number = errno;
  const int why = SSL_get_error(ssl_, result);
  if (why == SSL_ERROR_WANT_READ) return wait_for(POLLIN);
  if (why == SSL_ERROR_WANT_WRITE) return wait_for(POLLOUT);
  const auto code = ERR_peek_error();
  const int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
  // Reasons above this offset are alerts, sent by the peer (RFC 8446, 6.2); 42 to 49 and 116 speak of our certificate.
  const int alert = reason - SSL_AD_REASON_OFFSET;
  if ((alert >= 42 && alert <= 49) || alert == 116)
    return fail_with({Code::unauthenticated,
                      fmt::format("{} refused our certificate: {}", base_, tls_error("no reason given")),
                      "Give this side a certificate of the CA that the peer trusts (`larmor certs init`).", ""});
  const auto otherwise =
      why == SSL_ERROR_SYSCALL && error_number != 0 ? std::strerror(error_number) : "it closed the connection";
  return fail_with(broken(doing, tls_error(otherwise)));
}

Result<void> Connection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (ssl_) {
      ERR_clear_error();
      std::size_t written = 0;
      const int result = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &written);
      bytes.remove_prefix(written);
      if (result != 1) CHECK_OK(wait_for_tls(result, "send to"));
      continue;
    }
    const auto n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(n));
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      CHECK_OK(wait_for(POLLOUT));
    else if (errno != EINTR)
      return fail_with(broken("send to", std::strerror(errno)));
  }
  return {};
}

Result<std::size_t> Connection::read_some(MutableBytes into) {
  for (;;) {
    if (ssl_) {
      ERR_clear_error();
      std::size_t got = 0;
      const int result = SSL_read_ex(ssl_, into.data(), into.size(), &got);
      if (result == 1) return got;
      if (SSL_get_error(ssl_, result) == SSL_ERROR_ZERO_RETURN) return 0;
      CHECK_OK(wait_for_tls(result, "read from"));
      continue;
    }
    const auto n = ::recv(socket_.get(), into.data(), into.size(), 0);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      CHECK_OK(wait_for(POLLIN));
    else if (errno != EINTR)
      return fail_with(broken("read from", std::strerror(errno)));
  }
}

bool Connection::has_news() const {
  if (!inbox.ready().empty()) return true;
  if (ssl_) {  // session tickets are no news: peeking takes them in
    ERR_clear_error();
    char byte = 0;
    std::size_t got = 0;
    const int result = SSL_peek_ex(ssl_, &byte, 1, &got);
    return result == 1 || SSL_get_error(ssl_, result) != SSL_ERROR_WANT_READ;
  }
  pollfd asked{socket_.get(), POLLIN, 0};
  return ::poll(&asked, 1, 0) != 0;
}

}  // namespace larmor::net
