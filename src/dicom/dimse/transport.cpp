#include "dicom/dimse/transport.h"

#include <dcmtk/dcmnet/dul.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <mutex>

#include "dicom/codec/silence.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kReadBuffer = 65'536;

timeval to_timeval(Duration d) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(d);
  return {static_cast<time_t>(whole.count()), static_cast<suseconds_t>((d - whole).count())};
}

class TunedConnection final : public DcmTransportConnection {
 public:
  TunedConnection(int socket, std::unique_ptr<DcmTransportConnection> secure, std::shared_ptr<Wire> wire)
      : DcmTransportConnection(socket), secure_(std::move(secure)), wire_(std::move(wire)) {}
  ~TunedConnection() override { close(); }

  OFCondition serverSideHandshake() override { return secure_ ? secure_->serverSideHandshake() : EC_Normal; }
  OFCondition clientSideHandshake() override { return secure_ ? secure_->clientSideHandshake() : EC_Normal; }
  OFCondition renegotiate(const char*) override { return EC_IllegalCall; }

  ssize_t read(void* into, size_t size) override {
    if (begin_ == end_ && size >= kReadBuffer) return receive(into, size);
    if (begin_ == end_) {
      const auto got = receive(buffer_.get(), kReadBuffer);
      if (got <= 0) return got;
      begin_ = 0, end_ = static_cast<std::size_t>(got);
    }
    const auto taken = std::min(size, end_ - begin_);
    std::memcpy(into, buffer_.get() + begin_, taken);
    begin_ += taken;
    return static_cast<ssize_t>(taken);
  }

  /// Holds the pieces of a PDU back until it is whole; the head says how long it is (PS3.8, 9.3.1).
  ssize_t write(void* bytes, size_t size) override {
    const auto* from = static_cast<const char*>(bytes);
    if (held_.size() < 6) {
      const auto head = std::min(size, 6 - held_.size());
      held_.append(from, head);
      if (held_.size() < 6) return static_cast<ssize_t>(size);
      const auto digit = [&](int i) { return static_cast<std::size_t>(static_cast<unsigned char>(held_[i])); };
      whole_ = 6 + (digit(2) << 24 | digit(3) << 16 | digit(4) << 8 | digit(5));
      return put(from + head, size - head) ? static_cast<ssize_t>(size) : -1;
    }
    return put(from, size) ? static_cast<ssize_t>(size) : -1;
  }

  void close() override {
    if (secure_)
      secure_->close();
    else if (getSocket() >= 0)
      ::close(getSocket());
    forget();
  }
  void closeTransportConnection() override {
    if (secure_)
      secure_->closeTransportConnection();
    else if (getSocket() >= 0)
      ::close(getSocket());
    forget();
  }

  unsigned long getPeerCertificateLength() override { return secure_ ? secure_->getPeerCertificateLength() : 0; }
  unsigned long getPeerCertificate(void* into, unsigned long size) override {
    return secure_ ? secure_->getPeerCertificate(into, size) : 0;
  }
  OFBool networkDataAvailable(int timeout_s) override {
    if (begin_ != end_) return OFTrue;
    if (secure_) return secure_->networkDataAvailable(timeout_s);
    pollfd wanted{getSocket(), POLLIN, 0};
    int ready;
    do ready = ::poll(&wanted, 1, std::clamp(timeout_s, 0, wire_->hurry ? 1 : 86400) * 1000);
    while (ready < 0 && errno == EINTR);
    if (ready == 0) wire_->timed_out = true;
    return ready > 0;
  }
  /// The library's select() on plain connections would not see what is buffered here.
  OFBool isTransparentConnection() override { return OFFalse; }
  OFString& dumpConnectionParameters(OFString& text) override { return text = secure_ ? "TLS" : "TCP"; }

 private:
  ssize_t receive(void* into, size_t size) {
    errno = 0;
    const auto got = secure_ ? secure_->read(into, size) : ::recv(getSocket(), into, size, 0);
    if (got <= 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) wire_->timed_out = true;
    const int on = 1;
    setsockopt(getSocket(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    return got;
  }

  /// A piece of the body: held back, or sent with what was held once the PDU is whole.
  bool put(const char* piece, std::size_t size) {
    if (held_.size() + size < whole_) {
      held_.append(piece, size);
      return true;
    }
    bool sent;
    if (secure_) {
      held_.append(piece, size);
      sent = send_all({held_.data(), held_.size()}, {});
    } else {
      sent = send_all({held_.data(), held_.size()}, {piece, size});
    }
    held_.clear();
    return sent;
  }

  bool send_all(std::string_view first, std::string_view second) {
    while (!first.empty() || !second.empty()) {
      errno = 0;
      ssize_t sent;
      if (secure_) {
        sent = secure_->write(const_cast<char*>(first.data()), first.size());
      } else {
        iovec pieces[2] = {{const_cast<char*>(first.data()), first.size()},
                           {const_cast<char*>(second.data()), second.size()}};
        msghdr message{};
        message.msg_iov = pieces, message.msg_iovlen = 2;
        sent = ::sendmsg(getSocket(), &message, MSG_NOSIGNAL);
      }
      if (sent <= 0) {
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) wire_->timed_out = true;
        return false;
      }
      const auto of_first = std::min(first.size(), static_cast<std::size_t>(sent));
      first.remove_prefix(of_first);
      second.remove_prefix(static_cast<std::size_t>(sent) - of_first);
    }
    return true;
  }

  void forget() {
    setSocket(-1);
    wire_->socket = -1;
  }

  std::unique_ptr<DcmTransportConnection> secure_;
  std::shared_ptr<Wire> wire_;
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(kReadBuffer);
  std::size_t begin_ = 0, end_ = 0;
  std::string held_;
  std::size_t whole_ = 0;
};

}  // namespace

void Wire::allow(Duration patience) {
  if (socket < 0) return;
  const auto limit = to_timeval(std::max<Duration>(patience, 1ms));
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Transport::Transport(std::shared_ptr<DcmTransportLayer> secure, Duration patience, std::function<void()> created)
    : secure_(std::move(secure)), patience_(patience), created_(std::move(created)) {}

DcmTransportConnection* Transport::createConnection(DcmNativeSocketType socket, OFBool) {
  if (created_) created_();
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  std::unique_ptr<DcmTransportConnection> below;
  if (secure_) {
    below.reset(secure_->createConnection(socket, OFTrue));
    if (!below) return nullptr;
  }
  auto* connection = new TunedConnection(socket, std::move(below), wire_);
  wire_->socket = socket;
  wire_->allow(patience_);
  return connection;
}

void prepare_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    std::signal(SIGPIPE, SIG_IGN);
    dcmDisableGethostbyaddr.set(OFTrue);
    dcmConnectionTimeout.set(10);
    dicom::silence_dcmtk();
  });
}

}  // namespace larmor::dimse
