#include "dicom/dimse/scp.h"

#include <gmock/gmock.h>

#include <mutex>

#include "dicom/dimse/file_head.h"
#include "dicom/dimse/scu.h"
#include "dicom/dimse/testing/objects.h"
#include "dicom/dimse/testing/tools.h"

namespace larmor::dimse {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr std::size_t kBound = 256 << 20;

/// Keeps what arrives whole, in memory.
class Keeper : public ScpHandler {
 public:
  void opened(const Association&) override {}
  Result<void> store(const Association&, const StoreRequest& r, ByteSource& dataset) override {
    if (refuse_next.exchange(false)) return fail(Code::out_of_space, "no room for it");
    ++inside;
    while (hold) std::this_thread::sleep_for(1ms);
    auto bytes = read_all(dataset, kBound);
    if (!bytes) {
      ++broken;
      return Failure(bytes.error());
    }
    const std::lock_guard hold(mutex);
    kept[r.instance.str()] = std::move(*bytes);
    syntaxes[r.instance.str()] = r.transfer_syntax.str();
    return {};
  }
  void closed(const Association&, const Ending& e) override {
    const std::lock_guard hold(mutex);
    endings.push_back(e);
  }
  void rejected(const Association&, std::string_view why) override {
    const std::lock_guard hold(mutex);
    rejections.emplace_back(why);
  }
  std::optional<Ending> last() {
    const std::lock_guard hold(mutex);
    return endings.empty() ? std::nullopt : std::optional(endings.back());
  }

  std::mutex mutex;
  std::map<std::string, std::string> kept, syntaxes;
  std::vector<Ending> endings;
  std::vector<std::string> rejections;
  std::atomic<int> inside{0}, broken{0};
  std::atomic<bool> refuse_next{false};
  std::atomic<bool> hold{false};  ///< stops in mid-object
};

class AScp : public ::testing::Test {
 protected:
  ScpOptions options() {
    ScpOptions o;
    o.address = "127.0.0.1", o.port = 0;
    return o;
  }
  void start(const ScpOptions& o) {
    auto made = Scp::listen(o, keeper_);
    ASSERT_TRUE(made) << to_string(made.error());
    scp_ = std::move(*made);
    port_ = std::to_string(scp_->port());
  }
  Peer peer() { return {"LARMOR", "127.0.0.1", scp_->port(), AeTitle("LARMOR"), AeTitle("TESTER")}; }
  static Outgoing outgoing(const Made& m) {
    return {SopClassUid(m.sop_class), SopUid(m.instance), TransferSyntaxUid(m.transfer_syntax),
            [file = std::make_shared<std::string>(file_of(m))]() -> Result<std::unique_ptr<ByteSource>> {
              return std::make_unique<MemorySource>(as_bytes(*file));
            }};
  }
  std::filesystem::path write(const Made& m) {
    auto path = folder_.path() / (m.instance + ".dcm");
    std::ofstream(path, std::ios::binary) << file_of(m);
    return path;
  }

  Scratch folder_;
  Keeper keeper_;
  std::unique_ptr<Scp> scp_;
  std::string port_;
};

TEST_F(AScp, AnswersAnEcho) {
  start(options());
  Process echo({"echoscu", "-aec", "LARMOR", "127.0.0.1", port_});
  EXPECT_EQ(echo.wait(), 0) << echo.output();
  EXPECT_TRUE(dimse::echo(peer()));
}

TEST_F(AScp, HandsUpADataSetByteForByte) {
  start(options());
  Made big;
  big.pixels = 300'000;
  const auto delivery = send(peer(), std::vector{outgoing(big)});
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  EXPECT_EQ(delivery->sent, 1);
  EXPECT_EQ(keeper_.kept[big.instance], data_set(big));
}

TEST_F(AScp, TakesClassesAndTransferSyntaxesThatNobodyKnows) {
  start(options());
  Made odd;
  odd.sop_class = "1.3.6.1.4.1.99999.1", odd.transfer_syntax = "1.3.6.1.4.1.99999.2";
  const auto delivery = send(peer(), std::vector{outgoing(odd)});
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  EXPECT_EQ(delivery->sent, 1);
  EXPECT_EQ(keeper_.syntaxes[odd.instance], odd.transfer_syntax);
}

TEST_F(AScp, DoesNotPretendToAnswerQueries) {
  start(options());
  const auto rows = find(peer(), Level::study, {{"StudyInstanceUID", ""}});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Code::unsupported);
  EXPECT_THAT(rows.error().what, HasSubstr("not for queries"));
}

TEST_F(AScp, TellsACallerWhoUsesAnotherTitle) {
  start(options());
  Process echo({"echoscu", "-aec", "WRONG", "127.0.0.1", port_});
  EXPECT_NE(echo.wait(), 0);
  EXPECT_THAT(echo.output(), HasSubstr("Called AE Title Not Recognized"));
  auto wrong = peer();
  wrong.called = AeTitle("WRONG");
  const auto told = dimse::echo(wrong);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, Code::forbidden);
  EXPECT_THAT(told.error().what, HasSubstr("called AE title not recognised"));
}

TEST_F(AScp, LetsOnlyListedCallersIn) {
  auto o = options();
  o.allowed_calling = {AeTitle("CT2")};
  start(o);
  Process stranger({"echoscu", "-aet", "STRANGER", "-aec", "LARMOR", "127.0.0.1", port_});
  EXPECT_NE(stranger.wait(), 0);
  EXPECT_THAT(stranger.output(), HasSubstr("Calling AE Title Not Recognized"));
  Process known({"echoscu", "-aet", "CT2", "-aec", "LARMOR", "127.0.0.1", port_});
  EXPECT_EQ(known.wait(), 0) << known.output();
}

TEST_F(AScp, RejectsForNowWhatIsOneAssociationTooMany) {
  auto o = options();
  o.associations = 1;
  start(o);
  const int silent = connect_to(scp_->port());  // takes the only place
  EXPECT_TRUE(eventually([&] {
    const auto told = dimse::echo(peer());
    return !told && told.error().code == Code::unavailable && told.error().what.find("too many") != std::string::npos;
  }));
  ::close(silent);
  EXPECT_TRUE(eventually([&] { return dimse::echo(peer()).has_value(); }));
}

TEST_F(AScp, GivesUpOnAConnectionThatSaysNothingAndServesOthersMeanwhile) {
  auto o = options();
  o.greeting = 1s;
  start(o);
  const int silent = connect_to(scp_->port());
  EXPECT_TRUE(dimse::echo(peer()));
  char byte;
  EXPECT_EQ(::recv(silent, &byte, 1, 0), 0);  // closed by the other end
  ::close(silent);
}

TEST_F(AScp, SaysSoWhenAConnectionClosesWithoutAWord) {
  start(options());
  ::close(connect_to(scp_->port()));
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard hold(keeper_.mutex);
    return keeper_.rejections.size() == 1;
  }));
  EXPECT_THAT(keeper_.rejections.front(), HasSubstr("asked for no association"));
}

TEST_F(AScp, AnswersAFailedStoreWithItsStatusAndGoesOn) {
  start(options());
  keeper_.refuse_next = true;
  Made a, b;
  a.pixels = 500'000, b.instance = "2.25.1.1.2";
  const auto delivery = send(peer(), std::vector{outgoing(a), outgoing(b)});
  ASSERT_TRUE(delivery) << to_string(delivery.error());
  ASSERT_EQ(delivery->refused.size(), 1u);
  EXPECT_EQ(delivery->refused[0].why.code, Code::out_of_space);
  EXPECT_THAT(delivery->refused[0].why.what, HasSubstr("no room for it"));
  EXPECT_EQ(delivery->sent, 1);
  EXPECT_TRUE(eventually([&] { return keeper_.last().has_value(); }));
  EXPECT_EQ(keeper_.last()->refused, 1);
  EXPECT_EQ(keeper_.last()->end, End::released);
}

TEST_F(AScp, KeepsNothingOfASenderThatDiesInMidObject) {
  start(options());
  keeper_.hold = true;
  Made endless;
  endless.pixels = 60'000'000;
  Process sender({"storescu", "-aec", "LARMOR", "127.0.0.1", port_, write(endless).string()});
  ASSERT_TRUE(eventually([&] { return keeper_.inside > 0; }));
  sender.kill(SIGKILL);
  sender.wait();
  keeper_.hold = false;
  ASSERT_TRUE(eventually([&] { return keeper_.last().has_value(); }));
  EXPECT_EQ(keeper_.broken, 1);
  EXPECT_TRUE(keeper_.kept.empty());
  EXPECT_EQ(keeper_.last()->end, End::lost);
}

TEST_F(AScp, AbortsAnAssociationThatHangsInMidObject) {
  auto o = options();
  o.patience = 1s;
  start(o);
  keeper_.hold = true;
  Made endless;
  endless.pixels = 60'000'000;
  Process sender({"storescu", "-aec", "LARMOR", "127.0.0.1", port_, write(endless).string()});
  ASSERT_TRUE(eventually([&] { return keeper_.inside > 0; }));
  sender.kill(SIGSTOP);
  keeper_.hold = false;
  ASSERT_TRUE(eventually([&] { return keeper_.last().has_value(); }));
  EXPECT_EQ(keeper_.last()->end, End::timed_out);
  EXPECT_TRUE(keeper_.kept.empty());
}

TEST_F(AScp, StopsAtOnceWhileAssociationsAreOpen) {
  start(options());
  const int silent = connect_to(scp_->port());
  scp_.reset();
  char byte;
  EXPECT_LE(::recv(silent, &byte, 1, 0), 0);
  ::close(silent);
}

TEST_F(AScp, ReceivesFromDcmsendWhatStorescpReceives) {
  const auto corpus = shared_data("dicom");
  if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "the shared DICOM files are absent";
  start(options());
  std::map<std::string, int> of_kind;
  std::vector<std::string> files;
  std::ifstream manifest(corpus / "manifest.tsv");
  for (std::string line; std::getline(manifest, line);) {
    const auto a = line.find('\t'), b = line.find('\t', a + 1), c = line.find('\t', b + 1);
    const auto kind = line.substr(b + 1, c - b - 1);
    if (kind != "transfer_syntax" && !kind.starts_with("1.2.") && ++of_kind[kind] <= 4)
      files.push_back((corpus / line.substr(0, a)).string());
  }
  ASSERT_GT(files.size(), 20u);
  const auto reference = folder_.path() / "reference";
  std::filesystem::create_directory(reference);
  const auto port = free_port();
  Process storescp({"storescp", "+B", "+xa", "-od", reference.string(), std::to_string(port)}, {"TCP_NODELAY=1"});
  ASSERT_TRUE(listens(port));
  for (const auto& to : {port_, std::to_string(port)}) {
    std::vector<std::string> command{"dcmsend",         "-aec",      "LARMOR", "--no-halt", "--decompress-never",
                                     "--no-uid-checks", "127.0.0.1", to};
    command.insert(command.end(), files.begin(), files.end());
    Process sender(command, {"TCP_NODELAY=1"});
    sender.wait();
  }
  std::size_t compared = 0;
  std::map<std::string, int> seen;
  for (const auto& entry : std::filesystem::directory_iterator(reference)) {
    const auto file = slurp(entry.path());
    MemorySource source(as_bytes(file));
    const auto meta = read_file_head(source);
    ASSERT_TRUE(meta) << entry.path();
    ASSERT_TRUE(keeper_.kept.contains(meta->instance.str())) << entry.path();
    EXPECT_EQ(keeper_.kept[meta->instance.str()], *read_all(source, kBound)) << entry.path();
    EXPECT_EQ(keeper_.syntaxes[meta->instance.str()], meta->transfer_syntax.str());
    ++compared, ++seen[meta->transfer_syntax.str()];
  }
  EXPECT_GE(keeper_.kept.size(), compared);
  EXPECT_GE(seen.size(), 8u);
}

}  // namespace
}  // namespace larmor::dimse
