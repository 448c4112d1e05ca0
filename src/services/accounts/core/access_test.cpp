#include "services/accounts/core/access.h"

#include <gtest/gtest.h>

namespace larmor::accounts {
namespace {

constexpr Time kStart{1'800'000'000s};

TEST(Access, IsToldByWhatAnAddressShows) {
  EXPECT_EQ(access_of("/v1/studies", true), Access::searched);
  EXPECT_EQ(access_of("/dicom-web/studies", true), Access::searched);
  EXPECT_EQ(access_of("/v1/changes/stream", true), Access::searched);
  EXPECT_EQ(access_of("/changes", true), Access::searched);
  EXPECT_EQ(access_of("/v1/studies/{study}/results", true), Access::opened);
  EXPECT_EQ(access_of("/dicom-web/studies/{study}/series/{series}/metadata", true), Access::opened);
  EXPECT_EQ(access_of("/v1/instances/{instance}/file", true), Access::opened);
  EXPECT_EQ(access_of("/v1/results/{job}/files/{file}", true), Access::opened);
  EXPECT_EQ(access_of("/v1/queues", true), Access::none);
  EXPECT_EQ(access_of("/v1/uploads", false), Access::operated);
}

TEST(Access, ByTheThousandIsSaidOnceAWindow) {
  Windows windows;
  int said = 0;
  for (int i = 0; i < 1000; ++i) said += windows.first("anna/1.2.3", kStart + i * 1s);
  EXPECT_EQ(said, 4) << "1000 s are more than three times five minutes";
  EXPECT_TRUE(windows.first("anna/1.2.4", kStart));
  EXPECT_TRUE(windows.first("bert/1.2.3", kStart));
}

TEST(Access, ThatCouldNotBeToldIsSaidNextTime) {
  Windows windows;
  EXPECT_TRUE(windows.first("anna/1.2.3", kStart));
  windows.forget("anna/1.2.3");
  EXPECT_TRUE(windows.first("anna/1.2.3", kStart));
}

TEST(Access, TakesBoundedMemory) {
  Windows windows;
  for (std::size_t i = 0; i <= Windows::kMost; ++i)
    windows.first(std::to_string(i), kStart + static_cast<int>(i) * 1us);
  EXPECT_TRUE(windows.first("0", kStart + 1s)) << "made room, so it is said again rather than kept from the log";
  EXPECT_FALSE(windows.first(std::to_string(Windows::kMost), kStart + 1s));
}

}  // namespace
}  // namespace larmor::accounts
