// Answers whose bytes lie in files: the kernel sends them, or they are read, and nobody sees a difference.
#include <fcntl.h>

#include "base/file_stretch.h"
#include "net/test_support.h"
#include "net/test_ways.h"

namespace larmor::net {
namespace {

using namespace testing;

constexpr std::uint64_t kText = 1000;  ///< bytes before and behind those of the file

/// The bytes of Counting: some from memory, `size` of them from a file, some from memory.
class Mixed final : public FileBackedSource {
 public:
  Mixed(const std::filesystem::path& path, std::uint64_t size)
      : file_(open_file(path, O_RDONLY).value()), end_(kText + size) {}

  Result<std::size_t> read(MutableBytes into) override {
    const auto end = at_ < kText ? kText : at_ < end_ ? end_ : end_ + kText;
    const auto n = std::min<std::uint64_t>(into.size(), end - at_);
    for (std::size_t i = 0; i < n; ++i) into[i] = static_cast<std::byte>((at_ + i) % 251);
    at_ += n;
    return n;
  }
  Result<FileStretch> stretch() override {
    if (at_ < kText || at_ >= end_) return FileStretch{};
    return FileStretch{file_.get(), at_, end_ - at_};
  }
  void skip(std::uint64_t n) override { at_ += n; }

 private:
  FileHandle file_;
  std::uint64_t at_ = 0, end_;
};

/// A file of `size` bytes of Counting behind the first ones.
std::filesystem::path make_file(const Scratch& directory, std::uint64_t size) {
  std::string bytes(kText + size, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i % 251);
  auto path = directory.path() / "file";
  EXPECT_TRUE(write_file_durably(path, bytes));
  return path;
}

/// An answer that says that it has `size` bytes of the file.
std::vector<Route> routes_of(const std::filesystem::path& path, std::uint64_t size) {
  return {route(Method::get, "/file", [path, size](const Request&) -> Result<Response> {
    Response response;
    response.stream = std::make_shared<Mixed>(path, size);
    response.stream_size = size + 2 * kText;
    return response;
  })};
}

class FilesSent : public ::testing::TestWithParam<Way> {};

TEST_P(FilesSent, ArriveWithWhatStandsAroundThem) {
  const bool tls = GetParam() == Way::over_rest;
  for (const std::uint64_t size : {0, 1, 140'000, 30'000'000}) {
    const Scratch directory;
    const Running running(routes_of(make_file(directory, size), size),
                          tls ? ServerOptions{.tls = certificate_of("server")} : ServerOptions{});
    const auto client = client_of(running, tls ? ClientOptions{.tls = certificate_of(kCaller)} : ClientOptions{});
    for (int again = 0; again < 3; ++again) {
      const auto reply = client->download("/file", Call::within(20s));
      ASSERT_TRUE(reply) << to_string(reply.error());
      EXPECT_EQ(count(*reply->body).value_or(0), size + 2 * kText);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(PlainAndTls, FilesSent, kWays, name_of);

TEST(FilesSentInPlainText, AreNeverTakenForWholeWhenTheFileEndsTooEarly) {
  const Scratch directory;
  const Running running(routes_of(make_file(directory, 500'000), 900'000));
  const auto reply = client_of(running)->download("/file", Call::within(20s));
  ASSERT_TRUE(reply);
  EXPECT_FALSE(count(*reply->body));
}

TEST(FilesSentInPlainText, GoOnWhenASlowReaderReadsAgain) {
  constexpr std::uint64_t size = 20'000'000;
  const Scratch directory;
  const Running running(routes_of(make_file(directory, size), size), ServerOptions{.workers = 1});
  Raw slow(running.server->port());
  ASSERT_TRUE(slow.send("GET /file HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
  std::this_thread::sleep_for(300ms);  // by then every buffer on the way is full
  const auto other = client_of(running)->download("/file", Call::within(20s));
  ASSERT_TRUE(other) << "the only worker waits for the slow reader";
  EXPECT_EQ(count(*other->body).value_or(0), size + 2 * kText);
  const auto all = slow.read_to_end();
  EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, size + 2 * kText);
}

TEST(FilesSentInPlainText, SurviveAReaderWhoLeaves) {
  constexpr std::uint64_t size = 20'000'000;
  const Scratch directory;
  const Running running(routes_of(make_file(directory, size), size));
  for (int i = 0; i < 5; ++i) {
    Raw leaver(running.server->port());
    ASSERT_TRUE(leaver.send("GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    leaver.read_until("\r\n\r\n");
    leaver.hang_up();
  }
  const auto other = client_of(running)->download("/file", Call::within(20s));
  ASSERT_TRUE(other) << to_string(other.error());
  EXPECT_EQ(count(*other->body).value_or(0), size + 2 * kText);
}

}  // namespace
}  // namespace larmor::net
