#include "net/test_support.h"
#include "services/storage/adapters/test_object.h"
#include "services/storage/rest/routes.h"

namespace larmor::storage {
namespace {

using testing::House;
using testing::nth_file;

/// What browsers ask of a storage; what peers ask is in storage_test.cpp.
class StorageRest : public ::testing::Test {
 protected:
  Scratch scratch_;
  House house_{scratch_.path()};
  net::testing::Running server_{routes(*house_.storage)};
  std::unique_ptr<net::Client> client_ = net::testing::client_of(server_);
};

TEST_F(StorageRest, ServesTheFileWithItsDigestAsTag) {
  const auto file = nth_file(1);
  ASSERT_TRUE(house_.put(file));
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
