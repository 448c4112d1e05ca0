#include <gtest/gtest.h>

#include "net/client.h"
#include "services/storage/adapters/test_object.h"
#include "services/storage/rest/remote.h"
#include "services/storage/rest/routes.h"

namespace larmor::storage {
namespace {

using testing::dicom_file;
using testing::House;
using testing::nth_file;
using testing::Scratch;

/// A storage, its server on a free port, and the same storage seen through REST.
class StorageRest : public ::testing::Test {
 protected:
  void SetUp() override {
    router_.add(routes(*house_.storage));
    server_ = std::move(*net::Server::listen({}, router_));
    client_ = std::move(*net::Client::make({.base = fmt::format("http://127.0.0.1:{}", server_->port())}));
    remote_ = connect(client_);
  }
  Result<Receipt> put(std::string_view file) {
    MemorySource source(as_bytes(file));
    return remote_->put(source, {"result", "brain worker & co", "here", "a/1"}, Call{});
  }

  Scratch scratch_;
  House house_{scratch_.path()};
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::shared_ptr<net::Client> client_;
  std::unique_ptr<Storage> remote_;
};

TEST_F(StorageRest, KeepsAndGivesBackAnObjectFromAfar) {
  const auto file = dicom_file({.pixels = 700'000});
  const auto receipt = put(file);
  ASSERT_TRUE(receipt) << to_string(receipt.error());
  EXPECT_EQ(receipt->kept, Kept::stored);
  EXPECT_EQ(receipt->study, StudyUid("1.2.3"));
  EXPECT_EQ(put(file)->kept, Kept::duplicate);
  const auto object = remote_->open(SopUid("1.2.3.1.1"), Call{});
  ASSERT_TRUE(object) << to_string(object.error());
  ASSERT_EQ((*object)->size(), file.size());
  std::string whole(file.size(), '\0'), small(100, '\0');
  ASSERT_EQ((*object)->read_at(0, std::as_writable_bytes(std::span(whole))).value(), file.size());
  EXPECT_EQ(whole, file);
  for (const std::uint64_t at : {5u, 60u, 400'000u}) {
    ASSERT_EQ((*object)->read_at(at, std::as_writable_bytes(std::span(small))).value(), 100u);
    EXPECT_EQ(small, file.substr(at, 100));
  }
  EXPECT_EQ((*object)->read_at(file.size() - 3, std::as_writable_bytes(std::span(small))).value(), 3u);
  EXPECT_EQ((*object)->read_at(file.size(), std::as_writable_bytes(std::span(small))).value(), 0u);
  const auto told = house_.told("instance.duplicate");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].fields.at("sender"), "brain worker & co");
  EXPECT_EQ(told[0].fields.at("association"), "a/1");
}

TEST_F(StorageRest, AnswersRowsThatAreTheSameFromAfar) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(put(nth_file(i)));
  const StudyUid study("1.2.3");
  const SeriesUid series("1.2.3.1");
  const auto near = house_.storage->study(study, Call{}), far = remote_->study(study, Call{});
  ASSERT_TRUE(far) << to_string(far.error());
  EXPECT_EQ(far->patient_name, near->patient_name);
  EXPECT_EQ(far->last_stored, near->last_stored);
  EXPECT_EQ(far->instances, 3);
  EXPECT_EQ(remote_->series(study, Call{})->front().modality, "MR");
  EXPECT_EQ(remote_->instances(study, series, Call{})->at(2).number, 3);
  EXPECT_EQ(remote_->instance(SopUid("1.2.3.1.2"), Call{})->digest,
            house_.storage->instance(SopUid("1.2.3.1.2"), Call{})->digest);
  EXPECT_EQ(remote_->header(SopUid("1.2.3.1.2"), Call{})->at("00100020").at("Value").at(0), "P1");
  EXPECT_EQ(remote_->studies({.text = "doe"}, Call{})->studies.size(), 1u);
  EXPECT_EQ(remote_->health(Call{})->instances, 3);
}

TEST_F(StorageRest, SaysFromAfarWhatIsWrong) {
  EXPECT_EQ(put("no dicom").error().code, Code::corrupt);
  EXPECT_EQ(remote_->open(SopUid("9.9"), Call{}).error().code, Code::not_found);
  EXPECT_EQ(remote_->studies({.limit = 5000}, Call{}).error().field, "limit");
  EXPECT_EQ(remote_->studies({.after = "rubbish"}, Call{}).error().field, "after");
}

TEST_F(StorageRest, ServesTheFileWithItsDigestAsTag) {
  const auto file = nth_file(1);
  ASSERT_TRUE(put(file));
  const auto whole = client_->download("/v1/instances/1.2.3.1.1/file", Call{});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->headers.find("content-type")->second, "application/dicom");
  EXPECT_EQ(read_all(*whole->body, 1 << 20).value(), file);
  const auto etag = whole->headers.find("etag")->second;
  EXPECT_EQ(client_->download("/v1/instances/1.2.3.1.1/file", Call{}, {{"if-none-match", etag}})->status, 304);
  const auto part = client_->download("/v1/instances/1.2.3.1.1/file", Call{}, {{"range", "bytes=128-131"}});
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(read_all(*part->body, 100).value(), "DICM");
  EXPECT_EQ(part->headers.find("content-range")->second, fmt::format("bytes 128-131/{}", file.size()));
  EXPECT_FALSE(client_->download("/v1/instances/1.2.3.1.1/file", Call{}, {{"range", "bytes=999999-"}}));
}

TEST_F(StorageRest, AnswersACreatedObjectWithItsAddress) {
  const auto file = nth_file(1);
  MemorySource source(as_bytes(file));
  const auto reply = client_->upload(net::Method::post, "/v1/instances", source, Call{});
  ASSERT_TRUE(reply) << to_string(reply.error());
  EXPECT_EQ(reply->status, 201);
  EXPECT_EQ(reply->headers.find("location")->second, "/v1/instances/1.2.3.1.1");
}

}  // namespace
}  // namespace larmor::storage
