// What the other services rely on of storage.
#include "services/storage/storage.h"

#include "pact.h"
#include "services/storage/adapters/test_object.h"
#include "services/storage/rest/remote.h"

namespace larmor::storage {
namespace {

using namespace pact;

const StudyUid kTheStudy(kStudy);
const SopUid kTheInstance(kInstance);

const Json kStudyPath = given("/v1/studies/${study}", fmt::format("/v1/studies/{}", kStudy));
const Json kSeriesPath = given("/v1/studies/${study}/series", fmt::format("/v1/studies/{}/series", kStudy));
const Json kInstancesPath = given("/v1/studies/${study}/series/${series}/instances",
                                  fmt::format("/v1/studies/{}/series/{}/instances", kStudy, kSeries));
const std::multimap<std::string, Json> kFirstPage = {{"limit", "1000"}, {"after", ""}};
const Json kInstancePath = given("/v1/instances/${instance}", fmt::format("/v1/instances/{}", kInstance));
const Json kFilePath = given("/v1/instances/${instance}/file", fmt::format("/v1/instances/{}/file", kInstance));
const Json kHeaderPath = given("/v1/instances/${instance}/header", fmt::format("/v1/instances/{}/header", kInstance));

/// How every Part 10 file begins: PS3.10, 7.1.
const std::string kBeginning = std::string(128, '\0') + "DICM";

Json with(Json object, const Json& more) {
  object.update(more);
  return object;
}

const Json kStudyNeeded = {
    {"study", uid(kStudy)},   {"series", integer(1)},  {"instances", integer(176)},       {"bytes", integer(24640)},
    {"first_stored", time()}, {"last_stored", time()}, {"description", like("MR brain")}, {"sex", like("F")},
    {"age", like("061Y")}};
const Json kStudyShown = with(kStudyNeeded, {{"patient_name", like("Doe^Jane")},
                                             {"patient_id", like("P-1")},
                                             {"birth_date", like("19650101")},
                                             {"date", like("20261124")},
                                             {"time", like("081500")},
                                             {"accession", like("A-1")},
                                             {"modalities", like("MR")}});
const Json kSeriesNeeded = {{"series", uid(kSeries)}, {"modality", like("MR")}, {"instances", integer(176)}};
const Json kSeriesShown = with(kSeriesNeeded, {{"description", like("T1")},
                                               {"body_part", like("HEAD")},
                                               {"protocol", like("t1")},
                                               {"manufacturer", like("Philips")},
                                               {"model", like("Ingenia")},
                                               {"number", integer(1)},
                                               {"first", uid(kInstance)}});
const Json kInstanceNeeded = {{"instance", uid(kInstance)},
                              {"series", uid(kSeries)},
                              {"study", uid(kStudy)},
                              {"size", integer(static_cast<std::int64_t>(kBeginning.size()))}};
const Json kInstanceSent = with(kInstanceNeeded, {{"sop_class", uid("1.2.840.10008.5.1.4.1.1.4")},
                                                  {"transfer_syntax", uid("1.2.840.10008.1.2.1")}});
const Json kInstanceShown =
    with(kInstanceSent, {{"number", integer(1)}, {"frames", integer(1)}, {"digest", like("00ff")}});

Ask keeping(std::string bytes) {
  return {.method = "POST",
          .path = "/v1/instances",
          .query = {{"way", "result"}, {"sender", "brain"}, {"address", "here"}, {"association", "a1"}},
          .bytes = std::move(bytes)};
}
Result<Receipt> put(Storage& storage, std::string_view bytes) {
  return testing::put(storage, bytes, {"result", "brain", "here", "a1"});
}
std::string series_of(Storage& storage) {
  return good(storage.series(kTheStudy, {})).at(0).modality;
}
SopUid instances_of(Storage& storage) {
  return good(storage.instances({kTheStudy, SeriesUid(kSeries)}, {})).instances.at(0).instance;
}

const std::string kFile = testing::dicom_file({.study = kStudy, .series = kSeries, .instance = kInstance, .pixels = 4});
const std::string kNoFile = "no DICOM at all";

const std::vector<Row<Storage>> kRows = {
    {{"import", "processing"},
     "an object to keep",
     "",
     keeping(kFile),
     {.status = 201,
      .body = {{"kept", pattern("^(stored|duplicate|conflict)$", "stored")},
               {"study", kStudy},
               {"series", kSeries},
               {"instance", kInstance},
               {"size", integer(400)}}},
     [](Storage& storage) { EXPECT_EQ(good(put(storage, kFile)).kept, Kept::stored); }},
    {{"import"},
     "an object that is none",
     "",
     keeping(kNoFile),
     problem(422, "corrupt"),
     [](Storage& storage) { EXPECT_EQ(put(storage, kNoFile).error().code, Code::corrupt); }},
    {{"workflow"},
     "a study",
     "a study of a head",
     {.path = kStudyPath},
     {.body = kStudyNeeded},
     [](Storage& storage) { EXPECT_EQ(good(storage.study(kTheStudy, {})).sex, "F"); }},
    {{"front"},
     "a study",
     "a study of a head",
     {.path = kStudyPath},
     {.body = kStudyShown},
     [](Storage& storage) { EXPECT_EQ(good(storage.study(kTheStudy, {})).patient_name.reveal(), "Doe^Jane"); }},
    {{"front", "workflow"},
     "a study that is not there",
     "",
     {.path = "/v1/studies/9.9.9"},
     problem(404, "not_found"),
     [](Storage& storage) { EXPECT_EQ(storage.study(StudyUid("9.9.9"), {}).error().code, Code::not_found); }},
    {{"front"},
     "a search for studies",
     "a study of a head",
     {.path = "/v1/studies",
      .query = {{"limit", "50"},
                {"q", given("${words}", "doe")},
                {"from", ""},
                {"to", ""},
                {"modality", ""},
                {"after", ""}}},
     {.body = with(items(kStudyShown), {{"next", like("")}})},
     [](Storage& storage) {
       EXPECT_EQ(good(storage.studies({.text = "doe", .limit = 50}, {})).studies.at(0).instances, 176);
     }},
    {{"processing"},
     "the series of a study",
     "a study of a head",
     {.path = kSeriesPath},
     {.body = items(kSeriesNeeded)},
     [](Storage& storage) { EXPECT_EQ(series_of(storage), "MR"); }},
    {{"front", "workflow"},
     "the series of a study",
     "a study of a head",
     {.path = kSeriesPath},
     {.body = items(kSeriesShown)},
     [](Storage& storage) { EXPECT_EQ(series_of(storage), "MR"); }},
    {{"processing", "workflow"},
     "the instances of a series",
     "a study of a head",
     {.path = kInstancesPath, .query = kFirstPage},
     {.body = with(items(kInstanceNeeded), {{"next", ""}})},
     [](Storage& storage) { EXPECT_EQ(instances_of(storage), kTheInstance); }},
    {{"front"},
     "the instances of a series",
     "a study of a head",
     {.path = kInstancesPath, .query = kFirstPage},
     {.body = with(items(kInstanceShown), {{"next", ""}})},
     [](Storage& storage) { EXPECT_EQ(instances_of(storage), kTheInstance); }},
    {{"processing"},
     "an instance",
     "a study of a head",
     {.path = kInstancePath},
     {.body = kInstanceNeeded},
     [](Storage& storage) { EXPECT_EQ(good(storage.open(kTheInstance, {}))->size(), kBeginning.size()); }},
    {{"export"},
     "an instance",
     "a study of a head",
     {.path = kInstancePath},
     {.body = kInstanceSent},
     [](Storage& storage) { EXPECT_FALSE(good(storage.instance(kTheInstance, {})).sop_class.empty()); }},
    {{"front"},
     "an instance",
     "a study of a head",
     {.path = kInstancePath},
     {.body = kInstanceShown},
     [](Storage& storage) { EXPECT_EQ(good(storage.instance(kTheInstance, {})).digest, "00ff"); }},
    {{"export", "front", "processing"},
     "a part of an instance's file",
     "a study of a head",
     {.path = kFilePath, .headers = {{"Range", "bytes=0-131"}}},
     {.status = 206, .bytes = kBeginning, .type = "application/dicom"},
     [](Storage& storage) { EXPECT_EQ(good(testing::get(storage, kInstance)), kBeginning); }},
    {{"front", "workflow"},
     "the header of an instance",
     "a study of a head",
     {.path = kHeaderPath},
     {.body = {{"00080060", {{"vr", "CS"}, {"Value", {"MR"}}}},
               {"00100010", {{"Value", each({{"Alphabetic", like("Doe")}})}}}}},
     [](Storage& storage) {
       EXPECT_EQ(good(storage.header(kTheInstance, {})).at("00080060").at("Value").at(0), "MR");
     }},
    {{"front"},
     "the room left",
     "",
     {.path = "/v1/storage"},
     {.body = {{"free_bytes", integer(1)},
               {"kept_free_bytes", integer(1)},
               {"studies", integer(1)},
               {"instances", integer(1)},
               {"bytes", integer(1)},
               {"accepting", like(true)}}},
     [](Storage& storage) { EXPECT_TRUE(good(storage.health({})).accepting); }},
};

class StoragePact : public ::testing::TestWithParam<std::string> {};

TEST_P(StoragePact, KeepsWhatItsConsumerReliesOn) {
  keep(GetParam(), "storage", kRows, connect);
}

INSTANTIATE_TEST_SUITE_P(Consumer, StoragePact, ::testing::ValuesIn(consumers_of(kRows)), name_of);

}  // namespace
}  // namespace larmor::storage
