#include "services/storage/storage.h"

#include <gtest/gtest.h>

#include <thread>

#include "net/test_ways.h"
#include "services/storage/adapters/dicom_json.h"
#include "services/storage/adapters/test_object.h"
#include "services/storage/rest/remote.h"
#include "services/storage/rest/routes.h"

namespace larmor::storage {
namespace {

using testing::dicom_file;
using testing::House;
using testing::nth_file;

/// Every promise is held to twice: by the storage itself, and through its REST API.
class StorageTest : public ::testing::TestWithParam<net::testing::Way> {
 protected:
  void stop() {
    seen_.close();
    house_.stop();
  }
  void start() {
    house_.start();
    storage_ = &seen_.show(*house_.storage);
  }
  Result<Receipt> put(std::string_view file, const Origin& origin = testing::kFromPacs) {
    return testing::put(*storage_, file, origin);
  }
  Result<std::string> get(const std::string& uid) { return testing::get(*storage_, uid); }

  Scratch scratch_;
  House house_{scratch_.path()};
  net::testing::Seen<Storage> seen_{GetParam(), routes, connect};
  Storage* storage_ = &seen_.show(*house_.storage);
};

TEST_P(StorageTest, GivesBackTheVeryBytesAtOnceAndAfterARestart) {
  const auto file = nth_file(1);
  const auto receipt = put(file);
  ASSERT_TRUE(receipt) << to_string(receipt.error());
  EXPECT_EQ(receipt->kept, Kept::stored);
  EXPECT_EQ(receipt->size, file.size());
  EXPECT_EQ(get("1.2.3.1.1").value(), file);
  stop();
  start();
  EXPECT_EQ(get("1.2.3.1.1").value(), file);
}

TEST_P(StorageTest, ShowsRowsOfWhatItHasJustAcknowledged) {
  for (int i = 1; i <= 5; ++i) {
    ASSERT_TRUE(put(nth_file(i)));
    EXPECT_EQ(storage_->study(StudyUid("1.2.3"), Call{})->instances, i);
  }
  const auto study = storage_->study(StudyUid("1.2.3"), Call{});
  EXPECT_EQ(study->patient_name.reveal(), "Doe^Jane");
  EXPECT_EQ(study->modalities, "MR");
  EXPECT_EQ(study->series, 1);
  EXPECT_EQ(study->bytes, 5 * nth_file(1).size());
  const auto series = storage_->series(StudyUid("1.2.3"), Call{});
  ASSERT_EQ(series->size(), 1u);
  EXPECT_EQ(series->front().instances, 5);
  const auto instances = all_instances(*storage_, StudyUid("1.2.3"), SeriesUid("1.2.3.1"), Call{});
  ASSERT_EQ(instances->size(), 5u);
  EXPECT_EQ(instances->at(4).number, 5);
  EXPECT_EQ(storage_->instance(SopUid("1.2.3.1.4"), Call{})->number, 4);
  EXPECT_EQ(storage_->health(Call{})->instances, 5);
}

TEST_P(StorageTest, AnswersNotFoundForWhatItDoesNotHave) {
  EXPECT_EQ(get("9.9").error().code, Code::not_found);
  EXPECT_EQ(storage_->study(StudyUid("9"), Call{}).error().code, Code::not_found);
  EXPECT_EQ(storage_->series(StudyUid("9"), Call{}).error().code, Code::not_found);
  EXPECT_EQ(storage_->header(SopUid("9"), Call{}).error().code, Code::not_found);
}

TEST_P(StorageTest, StoresTheSameObjectOnceAndSaysSo) {
  const auto file = nth_file(1);
  ASSERT_TRUE(put(file));
  EXPECT_EQ(put(file)->kept, Kept::duplicate);
  EXPECT_EQ(storage_->study(StudyUid("1.2.3"), Call{})->instances, 1);
  EXPECT_EQ(put(file)->kept, Kept::duplicate);  // now from the index
  stop();
  start();
  EXPECT_EQ(put(file)->kept, Kept::duplicate);
  (void)storage_->studies({}, Call{});
  EXPECT_EQ(house_.told("instance.stored").size(), 1u);
  EXPECT_EQ(house_.told("instance.duplicate").size(), 3u);
}

TEST_P(StorageTest, KeepsAConflictingObjectAsideAndServesTheFirst) {
  const auto first = dicom_file({}), other = dicom_file({.fill = 'y'}), third = dicom_file({.fill = 'z'});
  ASSERT_TRUE(put(first));
  EXPECT_EQ(put(other)->kept, Kept::conflict);
  EXPECT_EQ(put(other)->kept, Kept::conflict);
  EXPECT_EQ(put(third)->kept, Kept::conflict);
  EXPECT_EQ(put(first)->kept, Kept::duplicate);
  EXPECT_EQ(get("1.2.3.1.1").value(), first);
  EXPECT_EQ(storage_->study(StudyUid("1.2.3"), Call{})->instances, 1);
  const auto told = house_.told("instance.conflict");
  ASSERT_EQ(told.size(), 3u);
  EXPECT_TRUE(told[0].fields.at("kept_as").get<std::string>().starts_with("conflict-1.2.3.1.1-"));
  stop();
  const auto listing = (scratch_.path() / "listing").string();
  ASSERT_EQ(std::system(fmt::format("tar tf {}/packs/00000001.tar > {}", scratch_.path().string(), listing).c_str()),
            0);
  const auto names = read_file(listing).value();
  EXPECT_EQ(std::count(names.begin(), names.end(), '\n'), 3) << names;
}

TEST_P(StorageTest, TellsEachStoredObjectWithItsOriginAndGeometry) {
  ASSERT_TRUE(put(nth_file(7)));
  (void)storage_->studies({}, Call{});
  const auto told = house_.told("instance.stored");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].study, StudyUid("1.2.3"));
  EXPECT_EQ(told[0].fields.at("sender"), "PACS");
  EXPECT_EQ(told[0].fields.at("way"), "c-store");
  EXPECT_EQ(told[0].fields.at("association"), "a1");
  EXPECT_EQ(told[0].fields.at("number"), 7);
  EXPECT_EQ(told[0].fields.dump().find("Doe"), std::string::npos);
}

TEST_P(StorageTest, RefusesWhatIsNoDicomFileWithAReason) {
  EXPECT_EQ(put("hello").error().code, Code::corrupt);
  const auto file = dicom_file({.study = ""});
  const auto outcome = put(file);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::corrupt);
  EXPECT_NE(outcome.error().what.find("StudyInstanceUID"), std::string::npos) << outcome.error().what;
}

TEST_P(StorageTest, NeverLetsAnInstanceUidLeaveTheDirectory) {
  EXPECT_EQ(put(dicom_file({.instance = "../../etc/passwd"})).error().code, Code::corrupt);
}

TEST_P(StorageTest, StoresACutObjectThatStillSaysWhatItIs) {
  auto file = dicom_file({.pixels = 5000});
  file.resize(file.size() - 2000);
  ASSERT_TRUE(put(file));
  EXPECT_EQ(get("1.2.3.1.1").value(), file);
}

TEST_P(StorageTest, KeepsAnUnknownTransferSyntaxByteForByte) {
  const auto file = dicom_file({.transfer_syntax = "1.2.3.4.5.6.7.8.9.private"});
  ASSERT_TRUE(put(file));
  EXPECT_EQ(get("1.2.3.1.1").value(), file);
  EXPECT_EQ(storage_->instance(SopUid("1.2.3.1.1"), Call{})->transfer_syntax.str(), "1.2.3.4.5.6.7.8.9.private");
}

TEST_P(StorageTest, KeepsNothingWhenTheSenderDies) {
  class Dying final : public ByteSource {
   public:
    Result<std::size_t> read(MutableBytes into) override {
      if (++reads_ > 2) return fail(Code::unavailable, "the sender is gone");
      return std::min<std::size_t>(into.size(), 100);
    }

   private:
    int reads_ = 0;
  } source;
  EXPECT_EQ(storage_->put(source, {}, Call{}).error().code, Code::unavailable);
  EXPECT_EQ(storage_->health(Call{})->instances, 0);
}

TEST_P(StorageTest, StoresOneObjectOfManyConcurrentSendersOfTheSame) {
  const auto file = nth_file(1);
  std::atomic<int> stored{0}, duplicates{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 8; ++i)
    senders.emplace_back([&] {
      const auto receipt = put(file);
      if (receipt && receipt->kept == Kept::stored) ++stored;
      if (receipt && receipt->kept == Kept::duplicate) ++duplicates;
    });
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(duplicates, 7);
  EXPECT_EQ(storage_->study(StudyUid("1.2.3"), Call{})->instances, 1);
}

TEST_P(StorageTest, TakesManyObjectsFromManySendersAndLosesNone) {
  constexpr int kSenders = 8, kEach = 100;
  std::vector<std::thread> senders;
  std::atomic<int> failed{0};
  for (int s = 0; s < kSenders; ++s)
    senders.emplace_back([&, s] {
      for (int i = 0; i < kEach; ++i)
        if (!put(nth_file(i, {.study = fmt::format("1.{}", s), .series = fmt::format("1.{}.1", s)}))) ++failed;
    });
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(storage_->studies({}, Call{})->studies.size(), 8u);
  EXPECT_EQ(storage_->health(Call{})->instances, kSenders * kEach);
  EXPECT_EQ(house_.told("instance.stored").size(), kSenders * kEach);
}

TEST_P(StorageTest, LetsOneProcessUseADirectory) {
  auto second = make(house_.options, *house_.events, system_clock());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
}

TEST_P(StorageTest, StopsTakingBeforeTheDiskIsFullAndWorksAgainWhenThereIsRoom) {
  stop();
  house_.options.kept_free = std::uint64_t{1} << 60;
  start();
  const auto refused = put(nth_file(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::out_of_space);
  EXPECT_FALSE(storage_->health(Call{})->accepting);
  stop();
  house_.options.kept_free = 0;
  start();
  EXPECT_TRUE(put(nth_file(1)));
  EXPECT_TRUE(storage_->health(Call{})->accepting);
}

TEST_P(StorageTest, ShowsTheHeaderAsDicomJsonWithoutPixels) {
  ASSERT_TRUE(put(nth_file(3)));
  const auto json = storage_->header(SopUid("1.2.3.1.3"), Call{});
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(json->at("00100020").at("Value").at(0), "P1");
  EXPECT_EQ(json->at("00100010").at("Value").at(0).at("Alphabetic"), "Doe^Jane");
  EXPECT_FALSE(json->contains("7FE00010"));
}

TEST_P(StorageTest, RefersToLongValuesInsteadOfShowingThem) {
  const auto item = [](const std::string& content) {
    return testing::element(0x5400, 0x0100, testing::element(0xFFFE, 0xE000, content));
  };
  const std::string samples(100'000, '\1');
  auto file = nth_file(3);
  file.insert(file.find(std::string("\xE0\x7F\x10\0", 4)), item(testing::element(0x5400, 0x1010, samples)));
  ASSERT_TRUE(put(file));
  const auto json = storage_->header(SopUid("1.2.3.1.3"), Call{});
  ASSERT_TRUE(json) << to_string(json.error());
  const auto place = "54000100.1.54001010";
  EXPECT_EQ(json->at("54000100").at("Value").at(0).at("54001010").at("BulkDataURI"), fmt::format("bulkdata/{}", place));
  const auto object = storage_->open(SopUid("1.2.3.1.3"), Call{}).value();
  EXPECT_EQ(bulk_value(*object, place).value(), samples);
  for (const auto* wrong :
       {"54000100", "54000100.2.54001010", "54000100.0.54001010", "54001010", "", "7FE00010", "x.y"})
    EXPECT_EQ(bulk_value(*object, wrong).error().code, Code::not_found) << wrong;
}

TEST_P(StorageTest, ShowsTheHeaderInUtf8WhateverTheCharacterSet) {
  const auto charset = testing::element(0x0008, 0x0005, "\\ISO 2022 IR 87");
  const auto file =
      dicom::part10_front(SopClassUid("1.2"), SopUid("1.2.3.1.3"), TransferSyntaxUid("1.2.840.10008.1.2"), AeTitle()) +
      charset + testing::element(0x0010, 0x0010, "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B") +
      testing::element(0x0020, 0x000D, "1.2.3") + testing::element(0x0020, 0x000E, "1.2.3.1");
  ASSERT_TRUE(put(file));
  const auto json = storage_->header(SopUid("1.2.3.1.3"), Call{});
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(json->at("00100010").at("Value").at(0).at("Ideographic"), "山田^太郎");
  EXPECT_EQ(storage_->study(StudyUid("1.2.3"), Call{})->patient_name.reveal(), "Yamada^Tarou=山田^太郎");
}

TEST_P(StorageTest, GivesAnObjectBackInAnyOrder) {
  const auto file = dicom_file({.pixels = 700'000});
  const Origin origin{"result", "brain worker & co", "here", "a/1"};
  const auto receipt = put(file, origin);
  ASSERT_TRUE(receipt) << to_string(receipt.error());
  EXPECT_EQ(receipt->kept, Kept::stored);
  EXPECT_EQ(receipt->study, StudyUid("1.2.3"));
  EXPECT_EQ(put(file, origin)->kept, Kept::duplicate);
  const auto object = storage_->open(SopUid("1.2.3.1.1"), Call{});
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

TEST_P(StorageTest, AnswersTheRowsOfItsIndex) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(put(nth_file(i)));
  const StudyUid study("1.2.3");
  const SeriesUid series("1.2.3.1");
  const auto near = house_.storage->study(study, Call{}), far = storage_->study(study, Call{});
  ASSERT_TRUE(far) << to_string(far.error());
  EXPECT_EQ(far->patient_name, near->patient_name);
  EXPECT_EQ(far->last_stored, near->last_stored);
  EXPECT_EQ(far->instances, 3);
  EXPECT_EQ(storage_->series(study, Call{})->front().modality, "MR");
  EXPECT_EQ(all_instances(*storage_, study, series, Call{})->at(2).number, 3);
  EXPECT_EQ(storage_->instance(SopUid("1.2.3.1.2"), Call{})->digest,
            house_.storage->instance(SopUid("1.2.3.1.2"), Call{})->digest);
  EXPECT_EQ(storage_->header(SopUid("1.2.3.1.2"), Call{})->at("00100020").at("Value").at(0), "P1");
  EXPECT_EQ(storage_->studies({.text = "doe"}, Call{})->studies.size(), 1u);
  EXPECT_EQ(storage_->health(Call{})->instances, 3);
}

TEST_P(StorageTest, GivesTheInstancesOfASeriesPageByPage) {
  for (int n = 1; const auto* number : {"-2", "-2", "0", "7", "7"})
    ASSERT_TRUE(put(dicom_file({.instance = fmt::format("1.2.3.1.{}", n++), .number = number})));
  InstanceQuery query{StudyUid("1.2.3"), SeriesUid("1.2.3.1"), "", 2};
  std::vector<std::string> seen;
  do {
    const auto page = storage_->instances(query, Call{});
    ASSERT_TRUE(page) << to_string(page.error());
    EXPECT_LE(page->instances.size(), 2u);
    for (const auto& row : page->instances) seen.push_back(fmt::format("{}:{}", row.number, row.instance));
    query.after = page->next;
  } while (!query.after.empty());
  EXPECT_EQ(seen,
            (std::vector<std::string>{"-2:1.2.3.1.1", "-2:1.2.3.1.2", "0:1.2.3.1.3", "7:1.2.3.1.4", "7:1.2.3.1.5"}));
}

TEST_P(StorageTest, SaysWhatIsWrong) {
  EXPECT_EQ(put("no dicom").error().code, Code::corrupt);
  EXPECT_EQ(storage_->open(SopUid("9.9"), Call{}).error().code, Code::not_found);
  EXPECT_EQ(storage_->studies({.limit = 5000}, Call{}).error().field, "limit");
  EXPECT_EQ(storage_->studies({.after = "rubbish"}, Call{}).error().field, "after");
  ASSERT_TRUE(put(nth_file(1)));
  InstanceQuery query{StudyUid("1.2.3"), SeriesUid("1.2.3.1")};
  for (const auto* rubbish : {"rubbish", "7", "-", "x-1.2"}) {
    query.after = rubbish;
    EXPECT_EQ(storage_->instances(query, Call{}).error().field, "after") << rubbish;
  }
  query = {StudyUid("1.2.3"), SeriesUid("1.2.3.1"), "", 1001};
  EXPECT_EQ(storage_->instances(query, Call{}).error().field, "limit");
}

INSTANTIATE_TEST_SUITE_P(Contract, StorageTest, net::testing::kWays, net::testing::name_of);

}  // namespace
}  // namespace larmor::storage
