// Every file of the conformance corpus goes in and comes out bit for bit.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "base/file.h"
#include "dicom/data/text.h"
#include "services/storage/adapters/dicom_json.h"
#include "services/storage/adapters/test_object.h"

namespace larmor::storage {
namespace {

/// Equal but for the last digits of a single precision number.
bool same(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number())
    return std::abs(a.get<double>() - b.get<double>()) <= 1e-6 * std::abs(b.get<double>());
  if (a.is_number() && b.is_string()) return true;  // DCMTK takes a number that ends with a zero byte for none
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (a.is_array()) return std::equal(a.begin(), a.end(), b.begin(), same);
  if (a.is_object())
    return std::all_of(a.items().begin(), a.items().end(),
                       [&](const auto& one) { return b.contains(one.key()) && same(one.value(), b[one.key()]); });
  return a == b;
}

/// The header as it is written straight from its bytes is what DCMTK makes of it; true when it was.
bool written_quickly(Object& object, const std::filesystem::path& path) {
  auto head = read_head(object, {}).value();
  const auto quick = dicom::header_json(head.bytes, head.header, "bulkdata/");
  if (!quick) return false;
  const auto ours = parse_json(quick->text), dcmtk = header_by_dcmtk(std::move(head), "");
  EXPECT_TRUE(ours) << path;
  if (ours && dcmtk && !same(*ours, *dcmtk))
    ADD_FAILURE() << path << ": " << Json::diff(*dcmtk, *ours).dump().substr(0, 2000);
  return true;
}

TEST(Corpus, GoesInAndComesOutBitForBit) {
  const auto root = shared_data("dicom");
  if (!std::filesystem::exists(root))
    GTEST_SKIP() << "the DICOM corpus is not here: set LARMOR_SHARED to the folder that holds data/dicom";
  const Scratch scratch;
  testing::House house(scratch.path());
  int stored = 0, quick = 0;
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
    quick += written_quickly(*house.storage->open(receipt->instance, Call{}).value(), entry.path());
  }
  EXPECT_GT(stored, 150);
  EXPECT_GT(quick, stored * 3 / 4) << "of " << stored;
  const auto studies = house.storage->studies({.limit = 1000}, Call{}).value();
  for (const auto& study : studies.studies)
    EXPECT_TRUE(dicom::is_utf8(study.patient_name.reveal())) << study.study.str();
}

}  // namespace
}  // namespace larmor::storage
