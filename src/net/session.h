#pragma once
/// One client's connection from handshake to goodbye: reads a request, answers it, and again.
///
/// Lives on one loop, whose driver answers as well: handlers, body sources and event sources run there (see Loop). What
/// changes something is a worker's: it waits for the disk, and for the sender of its body.
#include "net/exchange.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/wire.h"
#include "net/workers.h"

namespace larmor::net {

/// What all sessions of a server share; outlives them.
struct SessionContext {
  const ServerOptions& options;
  const Router& router;
  Workers& workers;
  Pieces& pieces;
  const std::atomic<bool>& stopping;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  /// `welcome` false: every request is answered with 503, because too many connections are open.
  Session(std::unique_ptr<Wire>, Loop&, const SessionContext&, bool welcome);

  asio::awaitable<void> run();

  // From the loop's driver:
  /// No further request; ends event streams and idle waiting now.
  void stop();
  void cut_if_late(Wire::Instant now) {
    if (wire_->expired(now)) wire_->cut(true);
  }
  void cut() { wire_->cut(false); }

 private:
  static constexpr auto kLinger = 2s;
  enum class Phase { idle, reading, working, streaming };

  asio::awaitable<bool> exchange();
  asio::awaitable<bool> read_head(MessageReader&);
  asio::awaitable<bool> read_small_body(const Head&);
  asio::awaitable<void> refuse(int status, std::string why);
  Result<Request> make_request(Head&);
  Result<void> answer(Exchange&);
  void conclude(Exchange&, MessageBody&);
  void write_head(Exchange&);
  void push_files(Exchange&);
  asio::awaitable<bool> send(Exchange&);
  asio::awaitable<bool> send_stream(Exchange&);
  asio::awaitable<bool> send_files(Exchange&);
  asio::awaitable<void> send_events(Exchange&);
  asio::awaitable<void> watch_for_disconnect();
  asio::awaitable<void> linger();
  /// Of a worker's task: the next step of an accepted one, or a new one, which may wait for its sender.
  enum class Kind { step, fresh, for_sender };
  asio::awaitable<bool> here(Workers::Task, Kind);
  asio::awaitable<bool> on_worker(Workers::Task, Kind);

  std::unique_ptr<Wire> wire_;
  Loop& loop_;
  const SessionContext& context_;
  const bool welcome_;
  Inbox inbox_;
  Phase phase_ = Phase::idle;
  bool gone_ = false;         ///< the reader of an event stream has left
  asio::steady_timer pause_;  ///< between two questions to an event source
  std::string remote_address_, peer_;
};

}  // namespace larmor::net
