/// C-GET as other people's programs ask for it: DCMTK's getscu, and a caller of DCMTK's library that chooses its
/// contexts.
#include "dicom/dimse/get_scp.h"

#include <dcmtk/dcmnet/scu.h>
#include <gmock/gmock.h>

#include "dicom/dimse/file_head.h"
#include "dicom/dimse/testing/objects.h"
#include "dicom/dimse/testing/shelf.h"
#include "dicom/dimse/testing/tools.h"

namespace larmor::dimse {
namespace {

using namespace testing;
using ::testing::HasSubstr;

const std::string kMr = "1.2.840.10008.5.1.4.1.1.4";

struct Answer {
  int status = 0, completed = 0, failed = 0, remaining = 0;
  std::string failures;  ///< Failed SOP Instance UID List
};

/// DCMTK's own C-GET, which writes what comes bit by bit. Cancels after `most` objects.
class Caller : public DcmSCU {
 public:
  Caller(std::uint16_t port, const std::filesystem::path& folder) {
    setPeerHostName("127.0.0.1");
    setPeerPort(port);
    setPeerAETitle("LARMOR");
    setStorageMode(DCMSCU_STORAGE_BIT_PRESERVING);
    setStorageDir(folder.c_str());
    propose(std::string(kStudyRootGet), {std::string(kExplicitLittle)}, ASC_SC_ROLE_DEFAULT);
  }
  void propose(const std::string& sop_class, std::vector<std::string> syntaxes, T_ASC_SC_ROLE role) {
    OFList<OFString> list;
    for (const auto& s : syntaxes) list.push_back(s.c_str());
    addPresentationContext(sop_class.c_str(), list, role);
  }
  /// The final answer, if it came.
  std::optional<Answer> get(const std::string& study) {
    if (initNetwork().bad() || negotiateAssociation().bad()) return std::nullopt;
    DcmDataset question;
    question.putAndInsertString(DCM_QueryRetrieveLevel, "STUDY");
    question.putAndInsertString(DCM_StudyInstanceUID, study.c_str());
    OFList<RetrieveResponse*> answers;
    const bool sent = sendCGETRequest(get_context(), &question, &answers).good() && !answers.empty();
    Answer last;
    for (auto* a : answers) {
      last = {a->m_status, a->m_numberOfCompletedSubops, a->m_numberOfFailedSubops, a->m_numberOfRemainingSubops, ""};
      delete a;
    }
    if (last.failed > 0) last.failures = failures();
    releaseAssociation();
    return sent ? std::optional(last) : std::nullopt;
  }
  OFCondition handleSTORERequestFile(T_ASC_PresentationContextID* context, const OFString& file,
                                     T_DIMSE_C_StoreRQ* request) override {
    if (++taken_ == most) sendCANCELRequest(get_context());
    if (abort_at == taken_) abortAssociation();
    return DcmSCU::handleSTORERequestFile(context, file, request);
  }

  int most = 0, abort_at = 0;

 private:
  T_ASC_PresentationContextID get_context() {
    return findPresentationContextID(std::string(kStudyRootGet).c_str(), "");
  }
  /// What DCMTK 3.6.7 leaves unread behind the last answer.
  std::string failures() {
    T_ASC_PresentationContextID context = 0;
    DcmDataset* data = nullptr;
    OFString list;
    if (receiveDIMSEDataset(&context, &data).good()) data->findAndGetOFStringArray(DCM_FailedSOPInstanceUIDList, list);
    delete data;
    return list.c_str();
  }

  int taken_ = 0;
};

class AGet : public ::testing::Test {
 protected:
  void SetUp() override {
    ScpOptions options;
    options.address = "127.0.0.1", options.port = 0;
    scp_ = Scp::listen(options, shelf_).value();
  }
  std::string getscu(std::vector<std::string> extra = {}) {
    std::vector<std::string> command{"getscu", "-S", "-v", "+B", "-aec", "LARMOR", "-od", folder_.path().string()};
    command.insert(command.end(), extra.begin(), extra.end());
    command.insert(command.end(), {"-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=2.25.1", "127.0.0.1",
                                   std::to_string(scp_->port())});
    Process program(command);
    program.wait();
    return program.output();
  }
  /// Data sets of what arrived, by instance.
  std::map<std::string, std::string> arrived() {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      const auto file = slurp(entry.path());
      MemorySource source(as_bytes(file));
      const auto meta = read_file_head(source).value();
      found[meta.instance.str()] = read_all(source, kLargestOnShelf).value();
    }
    return found;
  }

  Scratch folder_;
  Shelf shelf_;
  std::unique_ptr<Scp> scp_;
};

TEST_F(AGet, BringsAStudyOverTheSameAssociationBitForBit) {
  shelf_.put_images(5);
  const auto said = getscu();
  EXPECT_THAT(said, HasSubstr("Success"));
  EXPECT_EQ(arrived(), shelf_.data_sets) << said;
  EXPECT_TRUE(eventually([&] { return shelf_.ended.load() == End::released; }));
}

TEST_F(AGet, BringsWhatIsCompressedUncompressedToACallerWhoTakesNothingElse) {
  const auto file = shared_data("dicom/pydicom-data/data_store/data/JPEG-LL.dcm");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the shared DICOM files are absent";
  shelf_.put(slurp(file));
  EXPECT_THAT(getscu(), HasSubstr("Success"));
  ASSERT_EQ(arrived().size(), 1u);
  EXPECT_GT(arrived().begin()->second.size(), shelf_.data_sets.begin()->second.size());
}

TEST_F(AGet, BringsTheWholeCorpusAsItIsStoredToACallerWithAContextForEachSyntax) {
  const auto corpus = shared_data("dicom");
  if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "the shared DICOM files are absent";
  for (const auto& e : std::filesystem::recursive_directory_iterator(corpus)) {
    if (!e.is_regular_file()) continue;
    const auto file = slurp(e.path());
    MemorySource source(as_bytes(file));
    const auto meta = read_file_head(source);
    // DCMTK takes no transfer syntax that it has not heard of.
    if (meta && DcmXfer(meta->transfer_syntax.str().c_str()).getXfer() == EXS_Unknown) continue;
    if (meta && !meta->sop_class.empty() && !shelf_.data_sets.contains(meta->instance.str())) shelf_.put(file);
  }
  Caller caller(scp_->port(), folder_.path());
  std::set<std::pair<std::string, std::string>> kinds;
  for (const auto& o : shelf_.objects) kinds.insert({o.sop_class.str(), o.transfer_syntax.str()});
  ASSERT_LT(kinds.size(), 127u);
  for (const auto& [sop_class, syntax] : kinds) caller.propose(sop_class, {syntax}, ASC_SC_ROLE_SCP);
  const auto last = caller.get("2.25.1");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, 0) << last->failed << " failed: " << last->failures;
  const auto found = arrived();
  EXPECT_EQ(found.size(), shelf_.objects.size());
  for (auto [instance, sent] : shelf_.data_sets) {
    if (sent.size() % 2) sent += '\0';  // a deflated data set is padded on its way
    EXPECT_TRUE(found.contains(instance) && found.at(instance) == sent) << instance;
  }
}

TEST_F(AGet, TellsACallerWithoutTheRoleThatNothingCanBeSent) {
  shelf_.put_images(3);
  Caller caller(scp_->port(), folder_.path());
  caller.propose(kMr, {std::string(kExplicitLittle)}, ASC_SC_ROLE_DEFAULT);
  const auto last = caller.get("2.25.1");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, 0xA702);
  EXPECT_EQ(last->failed, 3);
  EXPECT_EQ(last->failures, "2.25.1.1.1\\2.25.1.1.2\\2.25.1.1.3");
  EXPECT_EQ(shelf_.opened_files, 0);
}

TEST_F(AGet, NamesWhatCouldNotBeSent) {
  shelf_.put_images(2);
  Made odd;
  odd.instance = "2.25.1.1.99", odd.sop_class = "1.3.6.1.4.1.99999.1";
  shelf_.put(file_of(odd));
  Caller caller(scp_->port(), folder_.path());
  caller.propose(kMr, {std::string(kExplicitLittle)}, ASC_SC_ROLE_SCP);
  const auto last = caller.get("2.25.1");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, 0xB000);
  EXPECT_EQ(last->completed, 2);
  EXPECT_EQ(last->failed, 1);
  EXPECT_EQ(last->failures, "2.25.1.1.99");
}

TEST_F(AGet, GoesOnAfterAnObjectThatIsDamaged) {
  shelf_.put_images(2);
  shelf_.damaged = true;
  Caller caller(scp_->port(), folder_.path());
  caller.propose(kMr, {std::string(kExplicitLittle)}, ASC_SC_ROLE_SCP);
  const auto last = caller.get("2.25.1");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, 0xA702);
  EXPECT_EQ(last->failed, 2);
}

TEST_F(AGet, StopsWhenTheCallerHasEnough) {
  shelf_.put_images(200);
  Caller caller(scp_->port(), folder_.path());
  caller.propose(kMr, {std::string(kExplicitLittle)}, ASC_SC_ROLE_SCP);
  caller.most = 3;
  const auto last = caller.get("2.25.1");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, 0xFE00);
  EXPECT_GE(last->completed, 3);
  EXPECT_LT(shelf_.opened_files, 10);
  EXPECT_EQ(last->remaining, 200 - last->completed);
}

TEST_F(AGet, EndsWithTheAssociationThatIsCutOff) {
  shelf_.put_images(200);
  Caller caller(scp_->port(), folder_.path());
  caller.propose(kMr, {std::string(kExplicitLittle)}, ASC_SC_ROLE_SCP);
  caller.abort_at = 3;
  EXPECT_FALSE(caller.get("2.25.1"));
  EXPECT_TRUE(eventually([&] { return shelf_.ended.load().has_value(); }));
  EXPECT_LT(shelf_.opened_files, 10);
  EXPECT_THAT(getscu(), HasSubstr("Success")) << "and others are served";
}

TEST_F(AGet, OfNothingInParticularIsRefused) {
  shelf_.put_images(1);
  Caller caller(scp_->port(), folder_.path());
  caller.propose(kMr, {std::string(kExplicitLittle)}, ASC_SC_ROLE_SCP);
  const auto last = caller.get("*");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->status, 0xA900);
}

}  // namespace
}  // namespace larmor::dimse
