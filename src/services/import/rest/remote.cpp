#include "services/import/rest/remote.h"

#include "services/import/rest/codec.h"

namespace larmor::importing {
namespace {

class RemoteImport final : public Import {
 public:
  explicit RemoteImport(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<std::vector<AssociationView>> associations(const Call& call) override {
    return list("/v1/associations", association_from_json, call);
  }

  Result<std::vector<ArrivalView>> arrivals(const Call& call) override {
    return list("/v1/arrivals", arrival_from_json, call);
  }

  /// The certificate says who uploads: `user` stays on this side.
  Result<UploadReport> upload(const std::string& name, ByteSource& source, const std::string&,
                              const Call& call) override {
    const auto reply = TRY(client_->upload(net::Method::post, "/v1/uploads?name=" + net::encode(name), source, call));
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
  template <class View>
  Result<std::vector<View>> list(const std::string& target, Result<View> (*from_json)(const Json&), const Call& call) {
    std::vector<View> views;
    const auto items = TRY(member<Json>(TRY(client_->get(target, call)), "items"));
    for (const auto& item : items) views.push_back(TRY(from_json(item)));
    return views;
  }

  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Import> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteImport>(std::move(client));
}

}  // namespace larmor::importing
