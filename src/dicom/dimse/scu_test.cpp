#include "dicom/dimse/scu.h"

#include <gmock/gmock.h>

#include "dicom/dimse/file_head.h"
#include "dicom/dimse/testing/objects.h"
#include "dicom/dimse/testing/orthanc.h"
#include "dicom/dimse/testing/tools.h"

namespace larmor::dimse {
namespace {

using namespace testing;
using ::testing::HasSubstr;

Outgoing from_bytes(std::string file) {
  auto kept = std::make_shared<std::string>(std::move(file));
  MemorySource source(as_bytes(*kept));
  const auto meta = read_file_head(source).value();
  return {meta.sop_class, meta.instance, meta.transfer_syntax,
          [kept]() -> Result<std::unique_ptr<ByteSource>> { return std::make_unique<MemorySource>(as_bytes(*kept)); }};
}

std::string data_set_of(const std::filesystem::path& path) {
  const auto file = slurp(path);
  MemorySource source(as_bytes(file));
  EXPECT_TRUE(read_file_head(source)) << path;
  return read_all(source, 1 << 30).value();
}

/// storescp on a free port, keeping files as they come.
class AnArchive : public ::testing::Test {
 protected:
  void start(std::vector<std::string> options) {
    std::vector<std::string> command{"storescp", "+B", "-od", folder_.path().string()};
    command.insert(command.end(), options.begin(), options.end());
    command.push_back(std::to_string(port_));
    storescp_ = std::make_unique<Process>(command, std::vector<std::string>{"TCP_NODELAY=1"});
    ASSERT_TRUE(listens(port_));
  }
  Peer peer() const { return {"ARCHIVE", "127.0.0.1", port_, AeTitle("ARCHIVE")}; }
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    for (const auto& e : std::filesystem::directory_iterator(folder_.path())) found.push_back(e.path());
    return found;
  }

  Scratch folder_;
  int port_ = free_port();
  std::unique_ptr<Process> storescp_;
};

TEST_F(AnArchive, GetsEveryTransferSyntaxByteForByte) {
  const auto corpus = shared_data("dicom");
  if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "the shared DICOM files are absent";
  std::vector<Outgoing> objects;
  std::map<std::string, std::string> expected;
  std::map<std::string, int> of_syntax;
  for (const auto& e : std::filesystem::recursive_directory_iterator(corpus)) {
    if (!e.is_regular_file()) continue;
    const auto file = slurp(e.path());
    MemorySource source(as_bytes(file));
    const auto meta = read_file_head(source);
    if (!meta || meta->instance.empty() || meta->sop_class.empty() || expected.contains(meta->instance.str())) continue;
    if (++of_syntax[meta->transfer_syntax.str()] > 4) continue;
    expected[meta->instance.str()] = read_all(source, 1 << 30).value();
    objects.push_back(from_bytes(file));
  }
  start({"+xa"});
  const auto delivery = send(peer(), objects);
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  EXPECT_GE(of_syntax.size(), 8u);
  std::size_t compared = 0;
  for (const auto& path : files()) {
    const auto file = slurp(path);
    MemorySource source(as_bytes(file));
    const auto meta = read_file_head(source);
    ASSERT_TRUE(meta);
    if (meta->transfer_syntax.empty() || delivery->converted > 0) continue;
    auto sent = expected[meta->instance.str()];
    if (sent.size() % 2) sent += '\0';  // a deflated data set is padded on its way
    EXPECT_EQ(read_all(source, 1 << 30), sent) << path;
    ++compared;
  }
  EXPECT_GT(compared, 20u);
  for (const auto& r : delivery->refused) EXPECT_EQ(r.why.code, Code::unsupported) << to_string(r.why);  // by storescp
}

TEST_F(AnArchive, ThatTakesOnlyImplicitLittleEndianGetsIt) {
  start({"+xi"});
  Made m;
  const auto delivery = send(peer(), std::vector{from_bytes(file_of(m))});
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  EXPECT_EQ(delivery->sent, 1);
  EXPECT_EQ(delivery->converted, 1);
  ASSERT_EQ(files().size(), 1u);
  EXPECT_NE(data_set_of(files()[0]), data_set(m));
}

TEST_F(AnArchive, ThatTakesNothingCompressedGetsItDecompressed) {
  const auto corpus = shared_data("dicom");
  if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "the shared DICOM files are absent";
  std::optional<Outgoing> jpeg, jpeg2000;
  for (const auto& e : std::filesystem::recursive_directory_iterator(corpus)) {
    if (!e.is_regular_file()) continue;
    const auto file = slurp(e.path());
    MemorySource source(as_bytes(file));
    const auto meta = read_file_head(source);
    if (!meta || meta->sop_class.empty()) continue;
    if (meta->transfer_syntax.str() == "1.2.840.10008.1.2.4.70" && !jpeg) jpeg = from_bytes(file);
    if (meta->transfer_syntax.str() == "1.2.840.10008.1.2.4.90" && !jpeg2000) jpeg2000 = from_bytes(file);
  }
  ASSERT_TRUE(jpeg && jpeg2000);
  start({"+xe"});
  const auto delivery = send(peer(), std::vector{*jpeg, *jpeg2000});
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  EXPECT_EQ(delivery->converted, 2);
  EXPECT_TRUE(delivery->refused.empty());
  for (const auto& path : files()) EXPECT_GT(data_set_of(path).size(), 100'000u) << path;
}

TEST_F(AnArchive, ThatIsDownIsAnErrorThatMayPass) {
  const auto told = echo(peer());
  ASSERT_FALSE(told);
  EXPECT_TRUE(row(told.error().code).retryable);
  EXPECT_THAT(told.error().what, HasSubstr("ARCHIVE (127.0.0.1:"));
  EXPECT_THAT(told.error().what, HasSubstr("refused"));
}

TEST_F(AnArchive, ThatSaysNothingIsGivenUp) {
  const Silent listening;
  auto silent = peer();
  silent.port = listening.port();
  silent.connect = 1s;
  const auto told = echo(silent);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, Code::timed_out) << to_string(told.error());
}

class AnOrthanc : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(orthanc_.listening()) << orthanc_.output(); }
  Peer peer() const { return orthanc_.peer(); }
  void put(int images) {
    std::vector<Outgoing> objects;
    for (int i = 1; i <= images; ++i) {
      Made m;
      m.instance = fmt::format("2.25.1.1.{}", i), m.number = i;
      objects.push_back(from_bytes(file_of(m)));
    }
    ASSERT_TRUE(send(peer(), objects));
  }

  int own_port_ = free_port();
  Orthanc orthanc_{"LARMOR", own_port_};
};

TEST_F(AnOrthanc, ListsWhatWasSentToItAtEveryLevel) {
  std::vector<Outgoing> objects;
  for (int i = 1; i <= 3; ++i) {
    Made m;
    m.instance = fmt::format("2.25.1.1.{}", i), m.number = i, m.name = "TEST^M\xDCLLER";
    objects.push_back(from_bytes(file_of(m)));
  }
  const auto delivery = send(peer(), objects);
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  EXPECT_EQ(delivery->sent, 3);

  const auto images = find(peer(), Level::image,
                           {{"StudyInstanceUID", "2.25.1"}, {"SeriesInstanceUID", "2.25.1.1"}, {"SOPInstanceUID", ""}});
  ASSERT_TRUE(images) << to_string(images.error());
  EXPECT_EQ(images->size(), 3u);
  EXPECT_TRUE(images->front().at("SOPInstanceUID").starts_with("2.25.1.1."));
  const auto studies =
      find(peer(), Level::study, {{"StudyInstanceUID", "2.25.1"}, {"NumberOfStudyRelatedInstances", ""}});
  ASSERT_TRUE(studies) << to_string(studies.error());
  ASSERT_EQ(studies->size(), 1u);
  EXPECT_EQ(studies->front().at("NumberOfStudyRelatedInstances"), "3");
  const auto none = find(peer(), Level::study, {{"StudyInstanceUID", "2.25.404"}});
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  const auto one = find(peer(), Level::study, {{"StudyInstanceUID", "2.25.1"}, {"PatientName", ""}});
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_EQ(one->front().at("PatientName"), "TEST^MÜLLER");
  const auto wrong = find(peer(), Level::study, {{"StudyInstanceUit", ""}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().field, "StudyInstanceUit");
}

const Row kSeries = {{"StudyInstanceUID", "2.25.1"}, {"SeriesInstanceUID", "2.25.1.1"}};

TEST_F(AnOrthanc, SendsASeriesWhereItIsTold) {
  put(3);
  Scratch taken;
  const Process storescp({"storescp", "-aet", "LARMOR", "-od", taken.path().string(), std::to_string(own_port_)});
  ASSERT_TRUE(listens(own_port_));
  const auto moved = move(peer(), Level::series, kSeries, AeTitle("LARMOR"));
  ASSERT_TRUE(moved) << to_string(moved.error());
  EXPECT_EQ(moved->completed, 3);
  EXPECT_EQ(moved->failed, 0);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(taken.path()), {}), 3);
}

TEST_F(AnOrthanc, ThatDoesNotKnowTheDestinationSaysSo) {
  put(1);
  const auto moved = move(peer(), Level::series, kSeries, AeTitle("NOBODY"));
  ASSERT_FALSE(moved);
  EXPECT_THAT(moved.error().what, HasSubstr("cannot retrieve from ORTHANC (127.0.0.1:"));
  EXPECT_THAT(moved.error().hint, HasSubstr("NOBODY"));
}

TEST_F(AnOrthanc, ThatCannotReachTheDestinationIsAnError) {
  put(1);
  const auto moved = move(peer(), Level::series, kSeries, AeTitle("LARMOR"));
  ASSERT_FALSE(moved) << moved->completed << " completed, " << moved->failed << " failed";
  EXPECT_TRUE(row(moved.error().code).retryable) << to_string(moved.error());
}

TEST_F(AnOrthanc, IsLeftWhenItsCallerStops) {
  put(3);
  const auto moved = move(peer(), Level::series, kSeries, AeTitle("LARMOR"), [] { return false; });
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, Code::cancelled);
  EXPECT_TRUE(echo(peer()));
}

}  // namespace
}  // namespace larmor::dimse
