#include "dicom/dimse/scp.h"

#include <atomic>

#include "base/log.h"
#include "base/prompt.h"
#include "base/random.h"
#include "dicom/dimse/acceptor.h"
#include "dicom/dimse/listener.h"

namespace larmor::dimse {
namespace {

class ListeningScp final : public Scp {
 public:
  static Result<std::unique_ptr<Scp>> make(const ScpOptions& options, ScpHandler& handler) {
    prepare_library();
    auto scp = std::unique_ptr<ListeningScp>(new ListeningScp(options, handler));
    if (options.tls) scp->tls_ = TRY(tls_layer(*options.tls, Role::acceptor));
    scp->listener_ = TRY(Listener::open(
        options.address, options.port, options.associations,
        [s = scp.get()](int socket, const std::string& address, bool crowded) { s->serve(socket, address, crowded); }));
    return std::unique_ptr<Scp>(std::move(scp));
  }
  std::uint16_t port() const override { return listener_->port(); }

 private:
  ListeningScp(const ScpOptions& options, ScpHandler& handler) : options_(options), handler_(handler) {
    if (options_.id_prefix.empty()) options_.id_prefix = random_token();
  }

  void serve(int socket, const std::string& address, bool crowded) {
    be_prompt();
    Association self{fmt::format("{}-{}", options_.id_prefix, ++count_), {}, {}, address};
    Acceptor acceptor(tls_, options_.greeting);
    if (const auto greeted = acceptor.receive(socket, options_.pdu, self); !greeted) {
      handler_.rejected(self, greeted.error().what);
      return;
    }
    if (const auto reason = refusal(self, crowded)) {
      acceptor.reject(*reason);
      handler_.rejected(self, words(*reason));
      return;
    }
    if (const auto accepted = acceptor.accept(options_.patience, handler_.answers_queries()); !accepted) {
      handler_.rejected(self, accepted.error().what);
      return;
    }
    const auto began = std::chrono::steady_clock::now();
    handler_.opened(self);
    auto ending = acceptor.converse(
        {.store = [&](const StoreRequest& request,
                      ByteSource& dataset) { return handler_.store(self, request, dataset); },
         .find = [&](const dicom::Query& query) { return handler_.find(self, query); },
         .collect = [&](const dicom::Query& query) { return handler_.collect(self, query); },
         .locate = [&](const AeTitle& title) { return handler_.locate(self, title); },
         .commitment = {.take = [&](const Commitment& asked) { return handler_.commit(self, asked); },
                        .judge = [&](const Commitment& asked) { return handler_.judge(self, asked); },
                        .told = [&](const CommitmentReport& report) { handler_.told(self, report); }}});
    ending.lasted = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
    handler_.closed(self, ending);
  }

  std::optional<Refusal> refusal(const Association& a, bool crowded) const {
    if (crowded) return Refusal::too_many;
    if (!options_.any_called && a.called != options_.title) return Refusal::called_unknown;
    const auto& allowed = options_.allowed_calling;
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), a.calling) == allowed.end())
      return Refusal::calling_unknown;
    return std::nullopt;
  }

  ScpOptions options_;
  ScpHandler& handler_;
  std::atomic<std::int64_t> count_{0};
  std::shared_ptr<DcmTransportLayer> tls_;
  std::unique_ptr<Listener> listener_;  // last: its threads end before the rest goes
};

}  // namespace

std::string_view name(End end) {
  constexpr std::array names = {"released", "aborted", "timed_out", "lost"};
  return names[static_cast<std::size_t>(end)];
}

Result<std::unique_ptr<Scp>> Scp::listen(const ScpOptions& options, ScpHandler& handler) {
  return ListeningScp::make(options, handler);
}

}  // namespace larmor::dimse
