/// C-MOVE as DCMTK's movescu asks for it, to DCMTK's storescp.
#include <gmock/gmock.h>

#include "dicom/dimse/testing/shelf.h"
#include "dicom/dimse/testing/tools.h"

namespace larmor::dimse {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

class AMove : public ::testing::Test {
 protected:
  void SetUp() override {
    ScpOptions options;
    options.address = "127.0.0.1", options.port = 0;
    scp_ = Scp::listen(options, shelf_).value();
    shelf_.neighbour = {.name = "viewer", .host = "127.0.0.1", .port = free_port(), .called = AeTitle("VIEWER")};
  }
  void start_viewer() {
    viewer_ = std::make_unique<Process>(std::vector<std::string>{
        "storescp", "-aet", "VIEWER", "-od", folder_.path().string(), std::to_string(shelf_.neighbour->port)});
    ASSERT_TRUE(listens(shelf_.neighbour->port));
  }
  std::string movescu(const std::string& model = "-S", const std::string& level = "STUDY") {
    Process program({"movescu", model, "-d", "-aec", "LARMOR", "-aem", "VIEWER", "-k", "QueryRetrieveLevel=" + level,
                     "-k", "StudyInstanceUID=2.25.1", "127.0.0.1", std::to_string(scp_->port())});
    program.wait();
    return program.output();
  }

  Scratch folder_;
  Shelf shelf_;
  std::unique_ptr<Scp> scp_;
  std::unique_ptr<Process> viewer_;
};

TEST_F(AMove, SendsByTheModelsOfTheStudyAndThePatientRoot) {
  start_viewer();
  shelf_.put_images(3);
  for (const auto* model : {"-S", "-P"}) {
    const auto said = movescu(model);
    EXPECT_THAT(said, HasSubstr("Success"));
    EXPECT_THAT(said, HasSubstr("Completed Suboperations       : 3"));
    EXPECT_THAT(said, Not(HasSubstr("FailedSOPInstanceUIDList")));
  }
}

TEST_F(AMove, NamesWhatTheDestinationDidNotTake) {
  start_viewer();
  shelf_.put_images(2);
  Made odd;
  odd.instance = "2.25.1.1.99", odd.sop_class = "1.3.6.1.4.1.99999.1";  // storescp does not know this class
  shelf_.put(file_of(odd));
  const auto said = movescu();
  EXPECT_THAT(said, HasSubstr("0xb000"));
  EXPECT_THAT(said, HasSubstr("Completed Suboperations       : 2"));
  EXPECT_THAT(said, HasSubstr("Failed Suboperations          : 1"));
  EXPECT_THAT(said, HasSubstr("(0008,0058) UI [2.25.1.1.99]"));
}

TEST_F(AMove, NamesEverythingWhereTheDestinationIsDown) {
  shelf_.put_images(2);
  const auto said = movescu();
  EXPECT_THAT(said, HasSubstr("0xa700"));
  EXPECT_THAT(said, HasSubstr("Failed Suboperations          : 2"));
  EXPECT_THAT(said, HasSubstr("(0008,0058) UI [2.25.1.1.1\\2.25.1.1.2]"));
}

TEST_F(AMove, ListsNoMoreThanAnElementCanHold) {
  shelf_.put_images(6000);
  const auto said = movescu();
  EXPECT_THAT(said, HasSubstr("Failed Suboperations          : 6000"));
  EXPECT_THAT(said, HasSubstr("(0008,0058) UI [2.25.1.1.1\\"));
}

}  // namespace
}  // namespace larmor::dimse
