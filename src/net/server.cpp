#include "net/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>

#include "base/log.h"
#include "net/session.h"
#include "net/tls.h"

namespace larmor::net {
namespace {

constexpr unsigned kFewestLoops = 2, kMostLoops = 8;  ///< one for each core, within these
constexpr int kPolitelyRefused = 64;  ///< connections past the bound that are told so; the next ones are just closed
constexpr auto kPatienceAtEnd = 10s;

/// A coroutine of ours lets no exception out; should one come all the same (no memory), it ends that coroutine alone.
auto end_of(std::string_view what) {
  return [what](const std::exception_ptr& thrown) {
    if (thrown) log::alarm("net", "{} ended with an exception", what);
  };
}

class ServerInstance final : public Server {
 public:
  ServerInstance(const ServerOptions& options, const Router& router, std::optional<asio::ssl::context> tls)
      : options_(options),
        tls_(std::move(tls)),
        loops_(std::clamp(std::thread::hardware_concurrency(), kFewestLoops, kMostLoops)),
        workers_(options.workers, options.backlog, static_cast<int>(loops_.size())),
        context_{options_, router, workers_, pieces_, stopping_} {}

  ~ServerInstance() override {
    stop_sessions();
    for (auto& loop : loops_) loop.stop();
    workers_.stop();
  }

  Result<void> open() {
    std::signal(SIGPIPE, SIG_IGN);  // sendfile(2) knows no MSG_NOSIGNAL
    ErrorCode error;
    const auto address = asio::ip::make_address(options_.address, error);
    if (error) return fail(Code::invalid, "'{}' is not an IP address to listen on", options_.address);
    const asio::ip::tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return fail_with(
          {Code::unavailable,
           fmt::format("cannot listen on {} port {}: {}", options_.address, options_.port, error.message()),
           error == asio::error::address_in_use ? "Another program listens there: choose another port." : "", ""});
    port_ = acceptor_.local_endpoint().port();
    for (auto& loop : loops_) {
      watch_deadlines(loop);
      loop.start(workers_, relief_);
    }
    asio::co_spawn(
        loops_[0].io, [this] { return accept(); }, end_of("accepting"));
    return {};
  }

  std::uint16_t port() const override { return port_; }

 private:
  asio::awaitable<void> accept() {
    for (std::size_t turn = 0;; ++turn) {
      auto& loop = loops_[turn % loops_.size()];
      asio::ip::tcp::socket socket(loop.io);
      ErrorCode error;
      co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
      if (!acceptor_.is_open()) co_return;
      if (error) {  // out of descriptors, or the caller left already: wait instead of spinning
        asio::steady_timer pause(loops_[0].io, 50ms);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      const int open = ++open_;
      if (open > options_.connections + kPolitelyRefused) {
        --open_;
        continue;
      }
      auto wire = tls_ ? Wire::secure(std::move(socket), *tls_) : Wire::plain(std::move(socket));
      auto session = std::make_shared<Session>(std::move(wire), loop, context_, open <= options_.connections);
      asio::co_spawn(loop.io, serve(loop, std::move(session)), end_of("a connection"));
    }
  }

  asio::awaitable<void> serve(Loop& loop, std::shared_ptr<Session> session) {
    loop.sessions.insert(session.get());
    try {
      co_await session->run();
    } catch (const std::exception&) {
      log::alarm("net", "a connection was given up: out of memory or an unexpected exception");
    }
    loop.sessions.erase(session.get());
    --open_;
  }

  void watch_deadlines(Loop& loop) {
    const auto shortest = std::min(options_.header_timeout, options_.idle_timeout);
    loop.tick.expires_after(std::clamp<Duration>(shortest / 4, 10ms, 500ms));
    loop.tick.async_wait([this, &loop](const ErrorCode& cancelled) {
      if (cancelled) return;
      const auto now = std::chrono::steady_clock::now();
      for (auto* session : loop.sessions) session->cut_if_late(now);
      watch_deadlines(loop);
    });
  }

  void stop_sessions() {
    stopping_ = true;
    asio::post(loops_[0].io, [this] {
      ErrorCode ignored;
      acceptor_.close(ignored);
    });
    const auto all = [this](void (Session::*act)()) {
      for (auto& loop : loops_)
        asio::post(loop.io, [&loop, act] {
          for (auto* session : loop.sessions) (session->*act)();
        });
    };
    const auto wait_for_none = [this](Duration patience) {
      const auto end = std::chrono::steady_clock::now() + patience;
      while (open_ > 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(2ms);
    };
    all(&Session::stop);
    wait_for_none(kPatienceAtEnd);
    all(&Session::cut);
    wait_for_none(1s);
  }

  const ServerOptions options_;
  std::optional<asio::ssl::context> tls_;
  std::atomic<int> open_{0};
  std::atomic<bool> stopping_{false};
  std::uint16_t port_ = 0;
  Pieces pieces_;
  std::vector<Loop> loops_;
  Workers workers_;
  Relief relief_{loops_};
  const SessionContext context_;
  asio::ip::tcp::acceptor acceptor_{loops_[0].io};
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options, const Router& router) {
  std::optional<asio::ssl::context> tls;
  if (options.tls) tls.emplace(TRY(server_tls(*options.tls)).release());
  auto server = std::make_unique<ServerInstance>(options, router, std::move(tls));
  CHECK_OK(server->open());
  return server;
}

}  // namespace larmor::net
