#include "services/storage/adapters/local_storage.h"

#include <gtest/gtest.h>

#include <thread>

#include "services/storage/adapters/test_object.h"

namespace larmor::storage {
namespace {

using testing::dicom_file;
using testing::House;
using testing::nth_file;
using testing::Recipe;
using testing::Scratch;

class StorageTest : public ::testing::Test {
 protected:
  Scratch scratch_;
  House house_{scratch_.path()};
};

TEST_F(StorageTest, GivesBackTheVeryBytesAtOnceAndAfterARestart) {
  const auto file = nth_file(1);
  const auto receipt = house_.put(file);
  ASSERT_TRUE(receipt) << to_string(receipt.error());
  EXPECT_EQ(receipt->kept, Kept::stored);
  EXPECT_EQ(receipt->size, file.size());
  EXPECT_EQ(house_.get("1.2.3.1.1").value(), file);
  house_.stop();
  house_.start();
  EXPECT_EQ(house_.get("1.2.3.1.1").value(), file);
}

TEST_F(StorageTest, ShowsRowsOfWhatItHasJustAcknowledged) {
  for (int i = 1; i <= 5; ++i) {
    ASSERT_TRUE(house_.put(nth_file(i)));
    EXPECT_EQ(house_.storage->study(StudyUid("1.2.3"), Call{})->instances, i);
  }
  const auto study = house_.storage->study(StudyUid("1.2.3"), Call{});
  EXPECT_EQ(study->patient_name.reveal(), "Doe^Jane");
  EXPECT_EQ(study->modalities, "MR");
  EXPECT_EQ(study->series, 1);
  EXPECT_EQ(study->bytes, 5 * nth_file(1).size());
  const auto series = house_.storage->series(StudyUid("1.2.3"), Call{});
  ASSERT_EQ(series->size(), 1u);
  EXPECT_EQ(series->front().instances, 5);
  const auto instances = house_.storage->instances(StudyUid("1.2.3"), SeriesUid("1.2.3.1"), Call{});
  ASSERT_EQ(instances->size(), 5u);
  EXPECT_EQ(instances->at(4).number, 5);
  EXPECT_EQ(house_.storage->instance(SopUid("1.2.3.1.4"), Call{})->number, 4);
  EXPECT_EQ(house_.storage->health(Call{})->instances, 5);
}

TEST_F(StorageTest, AnswersNotFoundForWhatItDoesNotHave) {
  EXPECT_EQ(house_.get("9.9").error().code, Code::not_found);
  EXPECT_EQ(house_.storage->study(StudyUid("9"), Call{}).error().code, Code::not_found);
  EXPECT_EQ(house_.storage->series(StudyUid("9"), Call{}).error().code, Code::not_found);
  EXPECT_EQ(house_.storage->header(SopUid("9"), Call{}).error().code, Code::not_found);
}

TEST_F(StorageTest, StoresTheSameObjectOnceAndSaysSo) {
  const auto file = nth_file(1);
  ASSERT_TRUE(house_.put(file));
  EXPECT_EQ(house_.put(file)->kept, Kept::duplicate);
  EXPECT_EQ(house_.storage->study(StudyUid("1.2.3"), Call{})->instances, 1);
  EXPECT_EQ(house_.put(file)->kept, Kept::duplicate);  // now from the index
  house_.stop();
  house_.start();
  EXPECT_EQ(house_.put(file)->kept, Kept::duplicate);
  (void)house_.storage->studies({}, Call{});
  EXPECT_EQ(house_.told("instance.stored").size(), 1u);
  EXPECT_EQ(house_.told("instance.duplicate").size(), 3u);
}

TEST_F(StorageTest, KeepsAConflictingObjectAsideAndServesTheFirst) {
  const auto first = dicom_file({}), other = dicom_file({.fill = 'y'}), third = dicom_file({.fill = 'z'});
  ASSERT_TRUE(house_.put(first));
  EXPECT_EQ(house_.put(other)->kept, Kept::conflict);
  EXPECT_EQ(house_.put(other)->kept, Kept::conflict);
  EXPECT_EQ(house_.put(third)->kept, Kept::conflict);
  EXPECT_EQ(house_.put(first)->kept, Kept::duplicate);
  EXPECT_EQ(house_.get("1.2.3.1.1").value(), first);
  EXPECT_EQ(house_.storage->study(StudyUid("1.2.3"), Call{})->instances, 1);
  const auto told = house_.told("instance.conflict");
  ASSERT_EQ(told.size(), 3u);
  EXPECT_TRUE(told[0].fields.at("kept_as").get<std::string>().starts_with("conflict-1.2.3.1.1-"));
  house_.stop();
  const auto listing = (scratch_.path() / "listing").string();
  ASSERT_EQ(std::system(fmt::format("tar tf {}/packs/00000001.tar > {}", scratch_.path().string(), listing).c_str()),
            0);
  const auto names = read_file(listing).value();
  EXPECT_EQ(std::count(names.begin(), names.end(), '\n'), 3) << names;
}

TEST_F(StorageTest, TellsEachStoredObjectWithItsOriginAndGeometry) {
  ASSERT_TRUE(house_.put(nth_file(7)));
  (void)house_.storage->studies({}, Call{});
  const auto told = house_.told("instance.stored");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].study, StudyUid("1.2.3"));
  EXPECT_EQ(told[0].fields.at("sender"), "PACS");
  EXPECT_EQ(told[0].fields.at("way"), "c-store");
  EXPECT_EQ(told[0].fields.at("association"), "a1");
  EXPECT_EQ(told[0].fields.at("number"), 7);
  EXPECT_EQ(told[0].fields.dump().find("Doe"), std::string::npos);
}

TEST_F(StorageTest, RefusesWhatIsNoDicomFileWithAReason) {
  EXPECT_EQ(house_.put("hello").error().code, Code::corrupt);
  const auto file = dicom_file({.study = ""});
  const auto outcome = house_.put(file);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::corrupt);
  EXPECT_NE(outcome.error().what.find("StudyInstanceUID"), std::string::npos) << outcome.error().what;
}

TEST_F(StorageTest, NeverLetsAnInstanceUidLeaveTheDirectory) {
  EXPECT_EQ(house_.put(dicom_file({.instance = "../../etc/passwd"})).error().code, Code::corrupt);
}

TEST_F(StorageTest, StoresACutObjectThatStillSaysWhatItIs) {
  auto file = dicom_file({.pixels = 5000});
  file.resize(file.size() - 2000);
  ASSERT_TRUE(house_.put(file));
  EXPECT_EQ(house_.get("1.2.3.1.1").value(), file);
}

TEST_F(StorageTest, KeepsAnUnknownTransferSyntaxByteForByte) {
  const auto file = dicom_file({.transfer_syntax = "1.2.3.4.5.6.7.8.9.private"});
  ASSERT_TRUE(house_.put(file));
  EXPECT_EQ(house_.get("1.2.3.1.1").value(), file);
  EXPECT_EQ(house_.storage->instance(SopUid("1.2.3.1.1"), Call{})->transfer_syntax.str(), "1.2.3.4.5.6.7.8.9.private");
}

TEST_F(StorageTest, KeepsNothingWhenTheSenderDies) {
  class Dying final : public ByteSource {
   public:
    Result<std::size_t> read(MutableBytes into) override {
      if (++reads_ > 2) return fail(Code::unavailable, "the sender is gone");
      return std::min<std::size_t>(into.size(), 100);
    }

   private:
    int reads_ = 0;
  } source;
  EXPECT_EQ(house_.storage->put(source, {}, Call{}).error().code, Code::unavailable);
  EXPECT_EQ(house_.storage->health(Call{})->instances, 0);
}

TEST_F(StorageTest, StoresOneObjectOfManyConcurrentSendersOfTheSame) {
  const auto file = nth_file(1);
  std::atomic<int> stored{0}, duplicates{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 8; ++i)
    senders.emplace_back([&] {
      const auto receipt = house_.put(file);
      if (receipt && receipt->kept == Kept::stored) ++stored;
      if (receipt && receipt->kept == Kept::duplicate) ++duplicates;
    });
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(duplicates, 7);
  EXPECT_EQ(house_.storage->study(StudyUid("1.2.3"), Call{})->instances, 1);
}

TEST_F(StorageTest, TakesManyObjectsFromManySendersAndLosesNone) {
  constexpr int kSenders = 8, kEach = 100;
  std::vector<std::thread> senders;
  std::atomic<int> failed{0};
  for (int s = 0; s < kSenders; ++s)
    senders.emplace_back([&, s] {
      for (int i = 0; i < kEach; ++i)
        if (!house_.put(nth_file(i, {.study = fmt::format("1.{}", s), .series = fmt::format("1.{}.1", s)}))) ++failed;
    });
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(house_.storage->studies({}, Call{})->studies.size(), 8u);
  EXPECT_EQ(house_.storage->health(Call{})->instances, kSenders * kEach);
  EXPECT_EQ(house_.told("instance.stored").size(), kSenders * kEach);
}

TEST_F(StorageTest, LetsOneProcessUseADirectory) {
  auto second = make(house_.options, *house_.events, system_clock());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
}

TEST_F(StorageTest, StopsTakingBeforeTheDiskIsFullAndWorksAgainWhenThereIsRoom) {
  house_.stop();
  house_.options.kept_free = std::uint64_t{1} << 60;
  house_.start();
  const auto refused = house_.put(nth_file(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::out_of_space);
  EXPECT_FALSE(house_.storage->health(Call{})->accepting);
  house_.stop();
  house_.options.kept_free = 0;
  house_.start();
  EXPECT_TRUE(house_.put(nth_file(1)));
  EXPECT_TRUE(house_.storage->health(Call{})->accepting);
}

TEST_F(StorageTest, ShowsTheHeaderAsDicomJsonWithoutPixels) {
  ASSERT_TRUE(house_.put(nth_file(3)));
  const auto json = house_.storage->header(SopUid("1.2.3.1.3"), Call{});
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(json->at("00100020").at("Value").at(0), "P1");
  EXPECT_EQ(json->at("00100010").at("Value").at(0).at("Alphabetic"), "Doe^Jane");
  EXPECT_FALSE(json->contains("7FE00010"));
}

TEST_F(StorageTest, ShowsTheHeaderInUtf8WhateverTheCharacterSet) {
  const auto charset = testing::element(0x0008, 0x0005, "\\ISO 2022 IR 87");
  const auto file =
      dicom::part10_front(SopClassUid("1.2"), SopUid("1.2.3.1.3"), TransferSyntaxUid("1.2.840.10008.1.2"), AeTitle()) +
      charset + testing::element(0x0010, 0x0010, "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B") +
      testing::element(0x0020, 0x000D, "1.2.3") + testing::element(0x0020, 0x000E, "1.2.3.1");
  ASSERT_TRUE(house_.put(file));
  const auto json = house_.storage->header(SopUid("1.2.3.1.3"), Call{});
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(json->at("00100010").at("Value").at(0).at("Ideographic"), "山田^太郎");
  EXPECT_EQ(house_.storage->study(StudyUid("1.2.3"), Call{})->patient_name.reveal(), "Yamada^Tarou=山田^太郎");
}

}  // namespace
}  // namespace larmor::storage
