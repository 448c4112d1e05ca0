#include "services/storage/rest/remote.h"

#include <cstring>

#include "net/items.h"
#include "services/storage/rest/codec.h"

namespace larmor::storage {
namespace {

constexpr std::size_t kWindow = std::size_t{256} << 10;  // fetched at once for readers of small pieces

std::string path_of(const SopUid& uid) {
  return "/v1/instances/" + net::encode(uid.str());
}
std::string path_of(const StudyUid& uid) {
  return "/v1/studies/" + net::encode(uid.str());
}

class RemoteObject final : public Object {
 public:
  RemoteObject(std::shared_ptr<net::Client> client, const SopUid& uid, std::uint64_t size)
      : client_(std::move(client)), target_(path_of(uid) + "/file"), size_(size) {}
  std::uint64_t size() const override { return size_; }

  Result<std::size_t> read_at(std::uint64_t offset, MutableBytes into) override {
    if (offset >= size_ || into.empty()) return std::size_t{0};
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - offset));
    if (wanted >= kWindow) return fetch(offset, into.first(wanted));
    if (offset < window_at_ || offset + wanted > window_at_ + window_.size()) {
      window_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kWindow, size_ - offset)));
      window_at_ = offset;
      if (auto got = fetch(offset, window_); !got) {
        window_.clear();
        return got;
      }
    }
    std::memcpy(into.data(), window_.data() + (offset - window_at_), wanted);
    return wanted;
  }

 private:
  Result<std::size_t> fetch(std::uint64_t offset, MutableBytes into) {
    const auto reply = TRY(client_->download(
        target_, Call::within(60s), {{"range", fmt::format("bytes={}-{}", offset, offset + into.size() - 1)}}));
    std::size_t done = 0;
    while (done < into.size()) {
      const auto got = TRY(reply.body->read(into.subspan(done)));
      if (got == 0)
        return fail(Code::unavailable, "the storage's answer ended after {} of {} bytes", done, into.size());
      done += got;
    }
    return done;
  }

  std::shared_ptr<net::Client> client_;
  std::string target_;
  std::uint64_t size_;
  std::vector<std::byte> window_;
  std::uint64_t window_at_ = 0;
};

class RemoteStorage final : public Storage {
 public:
  explicit RemoteStorage(std::shared_ptr<net::Client> client) : client_(std::move(client)) {}

  Result<Receipt> put(ByteSource& part10, const Origin& o, const Call& call) override {
    const auto target = fmt::format("/v1/instances?way={}&sender={}&address={}&association={}", net::encode(o.way),
                                    net::encode(o.sender), net::encode(o.address), net::encode(o.association));
    const auto reply = TRY(client_->upload(net::Method::post, target, part10, call));
    return receipt_from_json(TRY(parse_json(reply.body)));
  }

  Result<std::unique_ptr<Object>> open(const SopUid& uid, const Call& call) override {
    const auto row = TRY(instance(uid, call));
    return std::make_unique<RemoteObject>(client_, uid, row.size);
  }

  Result<StudyPage> studies(const StudyQuery& q, const Call& call) override {
    return study_page_from_json(TRY(client_->get(
        fmt::format("/v1/studies?limit={}&q={}&from={}&to={}&modality={}&after={}", q.limit, net::encode(q.text),
                    net::encode(q.from), net::encode(q.to), net::encode(q.modality), net::encode(q.after)),
        call)));
  }

  Result<StudyRow> study(const StudyUid& uid, const Call& call) override {
    return study_from_json(TRY(client_->get(path_of(uid), call)));
  }

  Result<std::vector<SeriesRow>> series(const StudyUid& uid, const Call& call) override {
    return net::items_of(TRY(client_->get(path_of(uid) + "/series", call)), series_from_json);
  }

  Result<InstancePage> instances(const InstanceQuery& q, const Call& call) override {
    return instance_page_from_json(
        TRY(client_->get(fmt::format("{}/series/{}/instances?limit={}&after={}", path_of(q.study),
                                     net::encode(q.series.str()), q.limit, net::encode(q.after)),
                         call)));
  }

  Result<InstanceRow> instance(const SopUid& uid, const Call& call) override {
    return instance_from_json(TRY(client_->get(path_of(uid), call)));
  }

  Result<Json> header(const SopUid& uid, const Call& call) override {
    return client_->get(path_of(uid) + "/header", call);
  }

  Result<dicom::FoundPage> find(const dicom::Query& query, const Call& call) override {
    return found_page_from_json(TRY(client_->post("/v1/find", dicom::to_json(query), call)));
  }

  Result<Health> health(const Call& call) override { return health_from_json(TRY(client_->get("/v1/storage", call))); }

 private:
  std::shared_ptr<net::Client> client_;
};

}  // namespace

std::unique_ptr<Storage> connect(std::shared_ptr<net::Client> client) {
  return std::make_unique<RemoteStorage>(std::move(client));
}

}  // namespace larmor::storage
