// What the front relies on of the four services that nobody else calls: import, workflow, processing, export.
#include "pact.h"
#include "services/export/rest/remote.h"
#include "services/import/rest/remote.h"
#include "services/processing/rest/remote.h"
#include "services/workflow/rest/remote.h"

namespace larmor {
namespace {

using namespace pact;

const std::vector<std::string> kFront = {"front"};
const StudyUid kTheStudy(kStudy);

Json of_study(const std::string& rest) {
  return given(("/v1/studies/${study}" + rest).c_str(), fmt::format("/v1/studies/{}{}", kStudy, rest));
}

/// No preamble, no DICM; and no text either, since the stand-in guesses types by content.
const std::string kNoDicom(200, '\0');
const importing::Batch kBatch = {"multipart/related; boundary=b", kTheStudy, "anna", "10.0.0.5"};
const std::string kNoDicomInParts = "--b\r\n\r\n" + kNoDicom + "\r\n--b--";

const std::vector<Row<importing::Import>> kOfImport = {
    {kFront,
     "the associations",
     "an open association",
     {.path = "/v1/associations"},
     {.body = items({{"id", like("a1")},
                     {"calling", like("PACS")},
                     {"called", like("LARMOR")},
                     {"address", like("10.0.0.5")},
                     {"opened", time()},
                     {"objects", integer(3)}})},
     [](importing::Import& import) { EXPECT_EQ(good(import.associations({})).at(0).calling.str(), "PACS"); }},
    {kFront,
     "the arrivals",
     "a study that arrives",
     {.path = "/v1/arrivals"},
     {.body = items({{"study", uid(kStudy)},
                     {"series", integer(1)},
                     {"instances", integer(3)},
                     {"first", time()},
                     {"last", time()},
                     {"waiting_for", like("quiet for 2.1 of 5 s")}})},
     [](importing::Import& import) { EXPECT_EQ(good(import.arrivals({})).at(0).instances, 3); }},
    {kFront,
     "the upload of a file that is no DICOM",
     "",
     {.method = "POST", .path = "/v1/files", .query = {{"name", "AUTORUN.BIN"}, {"user", "anna"}}, .bytes = kNoDicom},
     {.body = {{"taken", integer(0)},
               {"duplicates", integer(0)},
               {"refused", each({{"name", like("AUTORUN.BIN")}, {"reason", like("not DICOM")}})},
               {"refused_count", integer(1)},
               {"studies", Json::array()}}},
     [](importing::Import& import) {
       MemorySource source(as_bytes(kNoDicom));
       EXPECT_EQ(good(import.upload("AUTORUN.BIN", source, "anna", {})).refused.at(0).reason, "not DICOM");
     }},
    {kFront,
     "objects of a body, none of them DICOM",
     "",
     {.method = "POST",
      .path = "/v1/batches",
      .query = {{"content_type", kBatch.content_type},
                {"study", kBatch.study.str()},
                {"user", kBatch.user},
                {"address", kBatch.address}},
      .bytes = kNoDicomInParts},
     {.body = {{"items", each({{"part", integer(1)},
                               {"sop_class", like("")},
                               {"instance", like("")},
                               {"series", like("")},
                               {"study", like("")},
                               {"refused", {{"code", like("corrupt")}, {"reason", like("not DICOM")}}}})}}},
     [](importing::Import& import) {
       MemorySource source(as_bytes(kNoDicomInParts));
       EXPECT_EQ(good(import.store(kBatch, source, {})).items.at(0).refused.value().what, "not DICOM");
     }},
};

const std::vector<Row<workflow::Workflow>> kOfWorkflow = {
    {kFront,
     "the rules",
     "",
     {.path = "/v1/rules"},
     {.body = items({{"name", like("brain-t1")},
                     {"trigger", like("study.complete")},
                     {"text", like("name: brain-t1")},
                     {"line", integer(2)},
                     {"matched", integer(1)},
                     {"skipped", integer(0)}})},
     [](workflow::Workflow& workflow) { EXPECT_EQ(good(workflow.rules({})).at(0).name, "brain-t1"); }},
    {kFront,
     "what the rules say about a study",
     "a study of a head",
     {.path = of_study("/decisions")},
     {.body = items({{"rule", like("brain-t1")},
                     {"matched", like(true)},
                     {"reason", like("series 1 has Modality MR")},
                     {"actions", like(Json::array())}})},
     [](workflow::Workflow& workflow) { EXPECT_TRUE(good(workflow.dry_run(kTheStudy, {})).at(0).matched); }},
};

const std::vector<Row<processing::Processing>> kOfProcessing = {
    {kFront,
     "the results of a study",
     "a study with results",
     {.path = of_study("/results")},
     {.body = items({{"job", like(kJob)},
                     {"study", uid(kStudy)},
                     {"pipeline", like("brain")},
                     {"version", like("1")},
                     {"generation", integer(1)},
                     {"superseded", like(false)},
                     {"made", time()},
                     {"findings", like(Json::object())},
                     {"files", each(like("report.pdf"))},
                     {"instances", each(uid(kInstance))}})},
     [](processing::Processing& processing) {
       EXPECT_EQ(good(processing.results(kTheStudy, {})).at(0).files.size(), 1u);
     }},
    {kFront,
     "a file of a result",
     "a study with results",
     {.path = given("/v1/results/${job}/files/report.pdf", fmt::format("/v1/results/{}/files/report.pdf", kJob))},
     {},
     [](processing::Processing& processing) { good(processing.result_file(JobId(kJob), "report.pdf", {})); }},
    {kFront,
     "the pipelines",
     "",
     {.path = "/v1/pipelines"},
     {.body = items({{"name", like("brain")},
                     {"version", like("1")},
                     {"about", like("Volumes of a brain.")},
                     {"limits", {{"threads", integer(2)}}}})},
     [](processing::Processing& processing) { EXPECT_EQ(good(processing.pipelines({})).at(0).name, "brain"); }},
    {kFront,
     "the workers",
     "a worker",
     {.path = "/v1/workers"},
     {.body = items({{"id", like("w1")},
                     {"busy_with", like("")},
                     {"study", like("")},
                     {"fraction", number(0.4)},
                     {"step", like("")}})},
     [](processing::Processing& processing) { EXPECT_EQ(good(processing.workers({})).at(0).fraction, 0.4); }},
};

const std::vector<Row<exporting::Exporting>> kOfExport = {
    {kFront,
     "the destinations",
     "",
     {.path = "/v1/destinations"},
     {.body = items({{"name", like("archive")},
                     {"host", like("10.0.0.5")},
                     {"port", integer(104)},
                     {"called", like("ARCHIVE")},
                     {"calling", like("LARMOR")},
                     {"waiting", integer(0)},
                     {"dead", integer(0)},
                     {"last_error", like("")}})},
     [](exporting::Exporting& exporting) { EXPECT_EQ(good(exporting.destinations({})).at(0).port, 104); }},
    {kFront,
     "a greeting to a destination",
     "",
     {.method = "POST", .path = "/v1/destinations/archive/echoes"},
     {.body = {{"reached", true}, {"seconds", number(0.25)}, {"words", like("ARCHIVE answers")}}},
     [](exporting::Exporting& exporting) { EXPECT_TRUE(good(exporting.echo("archive", {})).reached); }},
    {kFront,
     "a greeting to a destination that nobody knows",
     "",
     {.method = "POST", .path = "/v1/destinations/elsewhere/echoes"},
     problem(404, "not_found"),
     [](exporting::Exporting& exporting) { EXPECT_EQ(exporting.echo("elsewhere", {}).error().code, Code::not_found); }},
    {kFront,
     "instances to send",
     "a study of a head",
     {.method = "POST",
      .path = "/v1/destinations/archive/deliveries",
      .body = {{"study", given("${study}", kStudy)}, {"instances", Json::array({given("${instance}", kInstance)})}}},
     {.status = 202, .body = {{"job", like(kJob)}}},
     [](exporting::Exporting& exporting) {
       EXPECT_EQ(good(exporting.send(kTheStudy, {SopUid(kInstance)}, "archive", {})), JobId(kJob));
     }},
};

TEST(ImportPact, KeepsWhatTheFrontReliesOn) {
  keep("front", "import", kOfImport, importing::connect);
}
TEST(WorkflowPact, KeepsWhatTheFrontReliesOn) {
  keep("front", "workflow", kOfWorkflow, workflow::connect);
}
TEST(ProcessingPact, KeepsWhatTheFrontReliesOn) {
  keep("front", "processing", kOfProcessing, processing::connect);
}
TEST(ExportPact, KeepsWhatTheFrontReliesOn) {
  keep("front", "export", kOfExport, exporting::connect);
}

}  // namespace
}  // namespace larmor
