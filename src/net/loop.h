#pragma once
/// One loop of a server, which reads, answers and writes for its connections.
///
/// To hand each request to another thread and the answer back costs more than most answers take. So whoever drives a
/// loop also answers what it has read; and a loop whose driver is held up by an answer, for a disk or a long
/// computation, is driven on by another worker (relieve()). The one that was held up then hands its connection back.
/// Sessions and timers of a loop belong to its driver, as begin() and end() tell.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <span>
#include <thread>
#include <unordered_set>

#include "net/workers.h"

namespace larmor::net {

namespace asio = boost::asio;

class Session;
class Relief;

class Loop {
 public:
  asio::io_context io;
  asio::steady_timer tick{io};
  std::unordered_set<Session*> sessions;

  /// Before anything else; both must outlive the loop's work.
  void start(Workers&, Relief&);
  /// The driver is about to answer; end() takes what it gives. Nothing when all places are taken: then the answer is a
  /// worker's.
  std::optional<std::uint64_t> begin();
  /// False when another drives the loop since: what comes next must be posted to it.
  bool end(std::uint64_t answer);
  /// An answer that has lasted since the last call keeps its thread, and another worker drives the loop from now on.
  /// False when nothing was answered since then.
  bool relieve();
  /// Lets the driver go, whatever still waits.
  void stop();

 private:
  void drive(std::uint64_t driver);

  Workers* workers_ = nullptr;
  Relief* relief_ = nullptr;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io.get_executor()};
  /// Which driver, which answer of its, and whether that is still being made: one word, so that end() and relieve()
  /// cannot both win.
  std::atomic<std::uint64_t> state_{0};
  std::uint64_t seen_ = 0;  ///< of state_ by relieve()
};

/// Looks every millisecond whether a loop is held up, as long as there is something to answer. Needs no thread's time
/// in quiet times.
class Relief {
 public:
  explicit Relief(std::span<Loop> loops) : loops_(loops), thread_([this] { run(); }) {}
  ~Relief();
  /// Somebody begins to answer.
  void wake();

 private:
  void run();
  bool look();

  const std::span<Loop> loops_;
  std::atomic<bool> awake_{false}, stopping_{false};
  std::thread thread_;
};

}  // namespace larmor::net
