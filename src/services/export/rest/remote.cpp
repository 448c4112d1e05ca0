#include "services/export/rest/remote.h"

#include "net/items.h"
#include "services/export/rest/codec.h"

namespace larmor::exporting {
namespace {

std::string address(const std::string& destination) {
  return "/v1/destinations/" + net::encode(destination);
}

class RemoteExport final : public Exporting {
 public:
  explicit RemoteExport(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<std::vector<DestinationView>> destinations(const Call& call) override {
    return net::items_of(TRY(client_->get("/v1/destinations", call)), destination_from_json);
  }

  Result<EchoReport> echo(const std::string& destination, const Call& call) override {
    const auto reply = TRY(client_->send(net::Method::post, address(destination) + "/echoes", "", call));
    return echo_report_from_json(TRY(parse_json(reply.body)));
  }

  Result<JobId> send(const StudyUid& study, const std::vector<SopUid>& instances, const std::string& destination,
                     const Call& call) override {
    const auto answer =
        TRY(client_->post(address(destination) + "/deliveries", to_json(NewDelivery{study, instances}), call));
    return JobId(TRY(member<std::string>(answer, "job")));
  }

 private:
  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Exporting> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteExport>(std::move(client));
}

}  // namespace larmor::exporting
