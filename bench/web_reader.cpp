// Reads addresses of one HTTP server over several connections that stay open, as fast as it answers. One thread, so
// that the server keeps the other cores; what is read is counted and dropped.
//
//   web_reader PORT CONNECTIONS SECONDS PATHS [HEADER...]
//
// PATHS holds one path a line; each connection goes round in them. A server that closes a connection after its answer
// is connected again. Prints one line of JSON; an answer other than 200 ends the run.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/file.h"
#include "base/text.h"
#include "net/body.h"

namespace larmor::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoom = std::size_t{128} << 10, kHeaderLimit = std::size_t{64} << 10;

struct Load {
  std::uint16_t port = 0;
  std::vector<std::string> requests;
};

/// One connection: asks, reads the answer to its end, asks the next.
class Line {
 public:
  Line(const Load& load, std::size_t first) : load_(load), next_(first) {}

  int descriptor() const { return socket_.get(); }

  Result<void> ask() {
    if (!socket_) CHECK_OK(connect());
    const auto& request = load_.requests[next_++ % load_.requests.size()];
    asked_ = Clock::now();
    reader_.emplace(MessageReader::Kind::response, kHeaderLimit, std::uint64_t{1} << 40);
    left_.reset();
    if (::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      return fail(Code::unavailable, "cannot send a request: {}", std::strerror(errno));
    return {};
  }

  /// Takes what has arrived; true when the answer is whole.
  Result<bool> take() {
    const auto room = inbox_.room(kRoom);
    const auto got = ::recv(socket_.get(), room.data(), room.size(), 0);
    if (got < 0) return fail(Code::unavailable, "cannot read an answer: {}", std::strerror(errno));
    if (got == 0) {
      socket_ = FileHandle();
      if (!reader_->end_of_input()) return fail(Code::unavailable, "the server went away in an answer");
      return true;
    }
    inbox_.added(static_cast<std::size_t>(got));
    if (!reader_->has_head()) {
      inbox_.consume(reader_->read_head(as_text(inbox_.ready())));
      if (reader_->refusal()) return fail(Code::invalid, "{}", reader_->refusal()->what);
      if (!reader_->has_head()) return false;
      if (reader_->head().status != 200) return fail(Code::invalid, "the answer was {}", reader_->head().status);
      left_ = reader_->head().length;
    }
    if (!(left_ ? pass_sized() : TRY(pass_framed()))) return false;
    if (!reader_->head().keep_alive) socket_ = FileHandle();
    return true;
  }

  std::uint64_t bytes() const { return bytes_; }
  Clock::duration waited() const { return Clock::now() - asked_; }

 private:
  Result<void> connect() {
    socket_ = FileHandle(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(load_.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      return fail(Code::unavailable, "cannot connect to port {}: {}", load_.port, std::strerror(errno));
    return {};
  }

  bool pass_sized() {
    const auto size = inbox_.ready().size();
    bytes_ += size;
    *left_ -= std::min<std::uint64_t>(*left_, size);
    inbox_.consume(size);
    return *left_ == 0;
  }

  /// In chunks, or until the server closes.
  Result<bool> pass_framed() {
    std::array<std::byte, 16 << 10> out;
    while (!reader_->done()) {
      const auto step = reader_->read_body(inbox_.ready(), out);
      inbox_.consume(step.consumed);
      bytes_ += step.produced;
      if (reader_->refusal()) return fail(Code::invalid, "{}", reader_->refusal()->what);
      if (step.consumed == 0 && step.produced == 0) return false;
    }
    return true;
  }

  const Load& load_;
  std::size_t next_;
  FileHandle socket_;
  std::optional<MessageReader> reader_;
  Inbox inbox_;
  std::optional<std::uint64_t> left_;
  std::uint64_t bytes_ = 0;
  Clock::time_point asked_;
};

/// Milliseconds of every answer.
Result<std::vector<double>> read_for(std::vector<Line>& lines, Clock::time_point end) {
  std::vector<double> times;
  for (auto& line : lines) CHECK_OK(line.ask());
  std::vector<pollfd> asked(lines.size());
  while (Clock::now() < end) {
    for (std::size_t i = 0; i < lines.size(); ++i) asked[i] = {lines[i].descriptor(), POLLIN, 0};
    if (::poll(asked.data(), asked.size(), 10'000) <= 0) return fail(Code::timed_out, "no answer for 10 s");
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (asked[i].revents == 0 || !TRY(lines[i].take())) continue;
      times.push_back(std::chrono::duration<double, std::milli>(lines[i].waited()).count());
      CHECK_OK(lines[i].ask());
    }
  }
  return times;
}

Result<void> run(std::uint16_t port, int connections, double seconds, const std::string& paths,
                 const std::vector<std::string>& headers) {
  Load load{port, {}};
  for (const auto& path : split(TRY(read_file(paths)), '\n')) {
    if (path.empty()) continue;
    Headers sent = {{"host", fmt::format("127.0.0.1:{}", port)}};
    for (const auto& header : headers) {
      const auto colon = header.find(": ");
      sent.emplace(header.substr(0, colon), header.substr(colon + 2));
    }
    load.requests.push_back(write_head(Method::get, path, sent));
  }
  std::vector<Line> lines;
  for (int i = 0; i < connections; ++i) lines.emplace_back(load, i * load.requests.size() / connections);
  const auto began = Clock::now();
  auto times = TRY(read_for(lines, began + std::chrono::milliseconds(static_cast<int>(seconds * 1000))));
  const std::chrono::duration<double> took = Clock::now() - began;
  std::uint64_t bytes = 0;
  for (const auto& line : lines) bytes += line.bytes();
  std::sort(times.begin(), times.end());
  const auto at = [&](double part) { return times.empty() ? 0 : times[static_cast<std::size_t>(part * times.size())]; };
  fmt::print(
      "{{\"answers\": {}, \"per_second\": {:.1f}, \"bytes_per_second\": {:.0f}, \"p50_ms\": {:.3f}, \"p99_ms\": "
      "{:.3f}}}\n",
      times.size(), times.size() / took.count(), bytes / took.count(), at(0.5), at(0.99));
  return {};
}

}  // namespace
}  // namespace larmor::net

int main(int count, char** words) {
  if (count < 5) return fmt::print(stderr, "usage: web_reader PORT CONNECTIONS SECONDS PATHS [HEADER...]\n"), 2;
  const auto done = larmor::net::run(static_cast<std::uint16_t>(std::atoi(words[1])), std::atoi(words[2]),
                                     std::atof(words[3]), words[4], {words + 5, words + count});
  if (!done) return fmt::print(stderr, "{}\n", to_string(done.error())), 1;
  return 0;
}
