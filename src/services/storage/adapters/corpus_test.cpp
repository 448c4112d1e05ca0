// Every file of the conformance corpus goes in and comes out bit for bit.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "base/file.h"
#include "dicom/data/text.h"
#include "services/storage/adapters/test_object.h"

namespace larmor::storage {
namespace {

TEST(Corpus, GoesInAndComesOutBitForBit) {
  const auto root = shared_data("dicom");
  if (!std::filesystem::exists(root))
    GTEST_SKIP() << "the DICOM corpus is not here: set LARMOR_SHARED to the folder that holds data/dicom";
  const Scratch scratch;
  testing::House house(scratch.path());
  int stored = 0;
  std::set<std::string> uids;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    const auto content = read_file(entry.path()).value();
    const auto receipt = house.put(content);
    const bool is_dicom = content.size() > 132 && content.substr(128, 4) == "DICM";
    if (!receipt) {
      EXPECT_EQ(receipt.error().code, Code::corrupt) << entry.path();
      EXPECT_FALSE(is_dicom && !receipt.error().field.ends_with("UID")) << entry.path() << ": " << receipt.error().what;
      continue;
    }
    if (receipt->kept != Kept::stored) continue;
    ++stored;
    EXPECT_TRUE(house.get(receipt->instance.str()).value() == content) << entry.path();
    const auto header = house.storage->header(receipt->instance, Call{});
    EXPECT_TRUE(header) << entry.path() << ": " << (header ? "" : to_string(header.error()));
  }
  EXPECT_GT(stored, 150);
  const auto studies = house.storage->studies({.limit = 1000}, Call{}).value();
  for (const auto& study : studies.studies)
    EXPECT_TRUE(dicom::is_utf8(study.patient_name.reveal())) << study.study.str();
}

}  // namespace
}  // namespace larmor::storage
