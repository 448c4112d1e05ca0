#include "services/import/rest/remote.h"

#include "net/items.h"
#include "services/import/rest/codec.h"

namespace larmor::importing {
namespace {

class RemoteImport final : public Import {
 public:
  explicit RemoteImport(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<std::vector<AssociationView>> associations(const Call& call) override {
    return net::items_of(TRY(client_->get("/v1/associations", call)), association_from_json);
  }

  Result<std::vector<ArrivalView>> arrivals(const Call& call) override {
    return net::items_of(TRY(client_->get("/v1/arrivals", call)), arrival_from_json);
  }

  Result<UploadReport> upload(const std::string& name, ByteSource& source, const std::string& user,
                              const Call& call) override {
    const auto target = fmt::format("/v1/files?name={}&user={}", net::encode(name), net::encode(user));
    const auto reply = TRY(client_->upload(net::Method::post, target, source, call));
    return upload_report_from_json(TRY(parse_json(reply.body)));
  }

  Result<StoreReport> store(const Batch& batch, ByteSource& body, const Call& call) override {
    const auto target =
        fmt::format("/v1/batches?content_type={}&study={}&user={}&address={}", net::encode(batch.content_type),
                    net::encode(batch.study.str()), net::encode(batch.user), net::encode(batch.address));
    const auto reply = TRY(client_->upload(net::Method::post, target, body, call));
    return store_report_from_json(TRY(parse_json(reply.body)));
  }

 private:
  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Import> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteImport>(std::move(client));
}

}  // namespace larmor::importing
