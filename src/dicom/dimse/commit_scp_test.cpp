/// Storage commitment as DCMTK's library asks for it. What goes over associations of our own is Orthanc's to hear
/// (tests/scenarios/commitment_test.py).
#include <dcmtk/dcmnet/scu.h>
#include <gmock/gmock.h>

#include <mutex>

#include "dicom/dimse/offered.h"
#include "dicom/dimse/scp.h"
#include "dicom/dimse/testing/tools.h"

namespace larmor::dimse {
namespace {

using namespace testing;
using ::testing::ElementsAre;

const std::string kMr = "1.2.840.10008.5.1.4.1.1.4", kWellKnown = "1.2.840.10008.1.20.1.1";

/// Holds what is in `held`.
class Witness final : public ScpHandler {
 public:
  void opened(const Association&) override {}
  Result<void> store(const Association&, const StoreRequest&, ByteSource&) override { return {}; }
  bool answers_queries() const override { return true; }
  Result<void> commit(const Association&, const Commitment& asked) override {
    if (busy) return fail(Code::unavailable, "the log is away");
    const std::lock_guard hold(mutex);
    taken.push_back(asked.transaction);
    return {};
  }
  Result<CommitmentReport> judge(const Association&, const Commitment& asked) override {
    CommitmentReport report{asked.transaction, {}, {}};
    for (const auto& object : asked.objects)
      if (held.contains(object.instance.str()))
        report.committed.push_back(object);
      else
        report.failed.push_back({object, Reason::no_such_instance});
    return report;
  }
  void told(const Association&, const CommitmentReport& report) override {
    const std::lock_guard hold(mutex);
    heard.push_back(report.transaction);
  }
  void closed(const Association&, const Ending&) override { ++ended; }
  void rejected(const Association&, std::string_view) override {}

  std::set<std::string> held;
  std::atomic<bool> busy{false};
  std::atomic<int> ended{0};
  std::mutex mutex;
  std::vector<std::string> taken, heard;
};

class ACommitment : public ::testing::Test {
 protected:
  void SetUp() override {
    ScpOptions options;
    options.address = "127.0.0.1", options.port = 0;
    scp_ = Scp::listen(options, witness_).value();
    scu_.setPeerHostName("127.0.0.1");
    scu_.setPeerPort(scp_->port());
    scu_.setPeerAETitle("LARMOR");
    OFList<OFString> syntaxes;
    syntaxes.push_back(std::string(kExplicitLittle).c_str());
    scu_.addPresentationContext(std::string(kStorageCommitment).c_str(), syntaxes);
    ASSERT_TRUE(scu_.initNetwork().good());
    ASSERT_TRUE(scu_.negotiateAssociation().good());
    context_ = scu_.findPresentationContextID(std::string(kStorageCommitment).c_str(), "");
  }
  /// The status of the answer.
  int ask(const std::string& transaction, const std::vector<std::string>& instances, int action = 1,
          const std::string& of = kWellKnown) {
    DcmDataset data;
    if (!transaction.empty()) data.putAndInsertString(DCM_TransactionUID, transaction.c_str());
    for (const auto& uid : instances) {
      DcmItem* item = nullptr;
      data.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2);
      item->putAndInsertString(DCM_ReferencedSOPClassUID, kMr.c_str());
      item->putAndInsertString(DCM_ReferencedSOPInstanceUID, uid.c_str());
    }
    Uint16 status = 0xFFFF;
    scu_.sendACTIONRequest(context_, of.c_str(), static_cast<Uint16>(action), &data, status);
    return status;
  }
  struct Heard {
    int type = 0;
    std::string transaction;
    std::vector<std::string> committed;
    std::vector<int> reasons;
  };
  Heard hear() {
    DcmDataset* data = nullptr;
    Uint16 type = 0;
    scu_.handleEVENTREPORTRequest(data, type, 20);
    const std::unique_ptr<DcmDataset> owner(data);
    Heard heard{type, "", {}, {}};
    if (!data) return heard;
    OFString text;
    data->findAndGetOFString(DCM_TransactionUID, text);
    heard.transaction = text.c_str();
    DcmItem* item = nullptr;
    for (long i = 0; data->findAndGetSequenceItem(DCM_ReferencedSOPSequence, item, i).good(); ++i) {
      item->findAndGetOFString(DCM_ReferencedSOPInstanceUID, text);
      heard.committed.emplace_back(text.c_str());
    }
    Uint16 reason = 0;
    for (long i = 0; data->findAndGetSequenceItem(DCM_FailedSOPSequence, item, i).good(); ++i) {
      item->findAndGetUint16(DCM_FailureReason, reason);
      heard.reasons.push_back(reason);
    }
    return heard;
  }

  Witness witness_;
  std::unique_ptr<Scp> scp_;
  DcmSCU scu_;
  T_ASC_PresentationContextID context_ = 0;
};

TEST_F(ACommitment, IsToldOverTheAssociationOnWhichItWasAskedFor) {
  witness_.held = {"1.2.1", "1.2.2"};
  ASSERT_EQ(ask("1.9.1", {"1.2.1", "1.2.2"}), 0);
  const auto heard = hear();
  EXPECT_EQ(heard.type, 1);
  EXPECT_EQ(heard.transaction, "1.9.1");
  EXPECT_THAT(heard.committed, ElementsAre("1.2.1", "1.2.2"));
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard hold(witness_.mutex);
    return witness_.heard == std::vector<std::string>{"1.9.1"};
  }));
}

TEST_F(ACommitment, NamesWhatIsNotHereAndWhy) {
  witness_.held = {"1.2.1"};
  ASSERT_EQ(ask("1.9.1", {"1.2.1", "1.2.404"}), 0);
  const auto heard = hear();
  EXPECT_EQ(heard.type, 2);
  EXPECT_THAT(heard.committed, ElementsAre("1.2.1"));
  EXPECT_THAT(heard.reasons, ElementsAre(0x0112));
}

TEST_F(ACommitment, MayBeAskedForAgain) {
  witness_.held = {"1.2.1"};
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(ask("1.9.1", {"1.2.1"}), 0);
    EXPECT_EQ(hear().type, 1);
  }
}

TEST_F(ACommitment, ThatMakesNoSenseIsRefusedWithAStatus) {
  EXPECT_EQ(ask("", {"1.2.1"}), 0x0115);
  EXPECT_EQ(ask("1.9.1", {}), 0x0115);
  EXPECT_EQ(ask("1.9.1", {""}), 0x0115);
  EXPECT_EQ(ask("1.9.1", {"1.2.1"}, 7), 0x0123);
  EXPECT_EQ(ask("1.9.1", {"1.2.1"}, 1, "1.2.3.4"), 0x0112);
  EXPECT_EQ(ask("1.9.1", std::vector<std::string>(Commitment::kMost + 1, "1.2.1")), 0x0213);
  witness_.busy = true;
  EXPECT_EQ(ask("1.9.1", {"1.2.1"}), 0x0110);
  EXPECT_TRUE(witness_.taken.empty());
}

TEST_F(ACommitment, IsNotCountedAsToldToACallerWhoHungUp) {
  ASSERT_EQ(ask("1.9.1", {"1.2.1"}), 0);
  scu_.releaseAssociation();
  EXPECT_TRUE(eventually([&] { return witness_.ended == 1; }));
  EXPECT_EQ(witness_.taken.size(), 1u);
  EXPECT_TRUE(witness_.heard.empty());
}

}  // namespace
}  // namespace larmor::dimse
