#include <gtest/gtest.h>

#include "dicom/dimse/testing/objects.h"
#include "dicom/dimse/testing/tools.h"
#include "net/client.h"
#include "services/events/make.h"
#include "services/import/make.h"
#include "services/import/rest/remote.h"
#include "services/import/rest/routes.h"
#include "services/import/settings.h"
#include "services/storage/make.h"

namespace larmor::importing {
namespace {

using namespace dimse::testing;

/// An import, its server on a free port, and the same import seen through REST.
class ImportRest : public ::testing::Test {
 protected:
  void SetUp() override {
    Settings settings({kSettings.begin(), kSettings.end()});
    ASSERT_TRUE(settings.set("import.port", {"0", "test"}));
    ASSERT_TRUE(settings.set("import.address", {"127.0.0.1", "test"}));
    import_ = make(settings, *log_, *storage_, system_clock()).value();
    router_.add(routes(*import_));
    server_ = net::Server::listen({}, router_).value();
    client_ = net::Client::make({.base = fmt::format("http://127.0.0.1:{}", server_->port())}).value();
    remote_ = connect(client_);
  }

  TemporaryFolder folder_;
  std::unique_ptr<events::EventLog> log_ = events::make(folder_.path() / "events", system_clock()).value();
  std::unique_ptr<storage::Storage> storage_ =
      storage::make({folder_.path() / "objects", 1 << 20}, *log_, system_clock()).value();
  std::unique_ptr<LocalImport> import_;
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::shared_ptr<net::Client> client_;
  std::unique_ptr<Import> remote_;
};

TEST_F(ImportRest, TakesAnUploadFromAfarAndTellsWhatBecameOfIt) {
  Made big;
  big.pixels = 3'000'000;
  const auto file = file_of(big);
  MemorySource source(as_bytes(file));
  const auto report = remote_->upload("head of Müller & co.dcm", source, "", Call{});
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->taken, 1);
  ASSERT_EQ(report->studies.size(), 1u);
  EXPECT_EQ(report->studies[0].str(), big.study);
  MemorySource rubbish(as_bytes("rubbish"));
  const auto refused = remote_->upload("notes.txt", rubbish, "", Call{});
  ASSERT_TRUE(refused) << to_string(refused.error());
  ASSERT_EQ(refused->refused.size(), 1u);
  EXPECT_EQ(refused->refused[0].name, "notes.txt");
  EXPECT_FALSE(refused->refused[0].reason.empty());
}

TEST_F(ImportRest, ShowsArrivalsAndAssociationsAsTheyAreHere) {
  const int silent = connect_to(import_->dicom_port());
  const auto file = file_of({});
  MemorySource source(as_bytes(file));
  ASSERT_TRUE(import_->upload("a", source, "anna", Call{}));
  ASSERT_TRUE(eventually([&] { return import_->arrivals(Call{})->size() == 1; }));
  const auto far = remote_->arrivals(Call{});
  ASSERT_TRUE(far) << to_string(far.error());
  ASSERT_EQ(far->size(), 1u);
  EXPECT_EQ(far->front().instances, 1);
  EXPECT_EQ(far->front().last, import_->arrivals(Call{})->front().last);
  EXPECT_FALSE(far->front().waiting_for.empty());
  EXPECT_TRUE(remote_->associations(Call{})->empty());  // connected, but not associated
  ::close(silent);
}

}  // namespace
}  // namespace larmor::importing
