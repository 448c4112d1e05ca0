#include "dicom/web/json_model.h"

#include <gmock/gmock.h>

namespace larmor::dicom {
namespace {

using ::testing::HasSubstr;

DataSet written(const char* model) {
  auto set = data_set_of(Json::parse(model));
  EXPECT_TRUE(set) << to_string(set.error());
  return set ? *set : DataSet{};
}

std::string bytes(const char* model) {
  return written(model).bytes;
}

std::string refused(const char* model) {
  const auto set = data_set_of(Json::parse(model));
  return set ? "taken" : set.error().what;
}

using namespace std::string_literals;

TEST(JsonModel, WritesEachKindOfValueInExplicitLittleEndian) {
  EXPECT_EQ(bytes(R"({"00080018":{"vr":"UI","Value":["1.2.3"]}})"), "\x08\0\x18\0UI\x06\0001.2.3\0"s);
  EXPECT_EQ(bytes(R"({"00080008":{"vr":"CS","Value":["A",null,"B"]}})"), "\x08\0\x08\0CS\x04\0A\\\\B"s);
  EXPECT_EQ(bytes(R"({"00100020":{"vr":"LO"}})"), "\x10\0\x20\0LO\0\0"s);
  EXPECT_EQ(bytes(R"({"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B","Phonetic":"C"}]}})"),
            "\x10\0\x10\0PN\x06\0A^B==C"s);
  EXPECT_EQ(bytes(R"({"00280010":{"vr":"US","Value":[512,"3"]}})"), "\x28\0\x10\0US\x04\0\0\x02\x03\0"s);
  EXPECT_EQ(bytes(R"({"00720066":{"vr":"SS","Value":[-2]}})"), "\x72\0\x66\0SS\x02\0\xFE\xFF"s);
  EXPECT_EQ(bytes(R"({"00280009":{"vr":"AT","Value":["00181063"]}})"), "\x28\0\x09\0AT\x04\0\x18\0\x63\x10"s);
  EXPECT_EQ(bytes(R"({"00089459":{"vr":"FL","Value":[-1.5]}})"),
            "\x08\0\x59\x94"
            "FL\x04\0\0\0\xC0\xBF"s);
  EXPECT_EQ(bytes(R"({"00091001":{"vr":"UN","InlineBinary":"AAEC"}})"), "\x09\0\x01\x10UN\0\0\x04\0\0\0\0\x01\x02\0"s);
  EXPECT_EQ(bytes(R"({"00020010":{"vr":"UI","Value":["1.2"]},"00080000":{"vr":"UL","Value":[8]}})"), "");
}

TEST(JsonModel, WritesDecimalStringsThatFit) {
  EXPECT_EQ(bytes(R"({"00180050":{"vr":"DS","Value":[0.30000000000000004]}})"), "\x18\0\x50\0DS\x04\0000.3 "s);
  EXPECT_EQ(bytes(R"({"00180050":{"vr":"DS","Value":["1.50",-1.23456789012345678e-100]}})"),
            "\x18\0\x50\0DS\x16\0"s + "1.50\\-1.23456789e-100 ");
}

TEST(JsonModel, WritesItemsInOneAnother) {
  EXPECT_EQ(bytes(R"({"00081140":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["12"]}},{}]}})"),
            "\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF"s + "\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF"s +
                "\x08\0\x55\x11UI\x02\00012"s + "\xFE\xFF\x0D\xE0\0\0\0\0"s +
                "\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF\xFE\xFF\x0D\xE0\0\0\0\0"s + "\xFE\xFF\xDD\xE0\0\0\0\0"s);
}

TEST(JsonModel, SaysThatItsTextIsUtf8WhereThatMatters) {
  const auto utf8 = "\x08\0\x05\0CS\x0A\0ISO_IR 192"s;
  EXPECT_EQ(bytes(R"({"00080005":{"vr":"CS","Value":["ISO_IR 100"]}})"), utf8);
  EXPECT_EQ(bytes(R"({"00081030":{"vr":"LO","Value":["ü"]}})"), utf8 + "\x08\0\x30\x10LO\x02\0\xC3\xBC"s);
  const auto both = written(R"({"00090010":{"vr":"LO","Value":["é"]},"00091001":{"vr":"OB","BulkDataURI":"a"}})");
  ASSERT_EQ(both.apart.size(), 1u);
  EXPECT_EQ(both.apart[0].at, both.bytes.size());
}

TEST(JsonModel, SaysWhereAValueThatComesApartBelongs) {
  const auto set = written(R"({"00080018":{"vr":"UI","Value":["12"]},
    "00091002":{"vr":"SQ","Value":[{"00091003":{"vr":"UN","BulkDataURI":"inner"}}]},
    "00280002":{"vr":"US","Value":[3]},"00280004":{"vr":"CS","Value":["YBR_FULL_422"]},
    "00280008":{"vr":"IS","Value":["2"]},"00280010":{"vr":"US","Value":[3]},"00280011":{"vr":"US","Value":[5]},
    "00280100":{"vr":"US","Value":[8]},"7FE00010":{"vr":"OW","BulkDataURI":"pixels"}})");
  ASSERT_EQ(set.apart.size(), 2u);
  EXPECT_EQ(set.apart[0].place, "(0009,1002)[1](0009,1003)");
  EXPECT_EQ(set.apart[0].at, 10u + 12 + 8);
  EXPECT_FALSE(set.apart[0].pixels);
  EXPECT_EQ(set.apart[1].at, set.bytes.size());
  EXPECT_TRUE(set.apart[1].pixels);
  EXPECT_EQ(set.frames, 2u);
  EXPECT_EQ(set.pixel_bytes, 60u) << "chrominance of every second pixel is not there";
}

TEST(JsonModel, NamesTheAttributeThatIsWrong) {
  EXPECT_THAT(refused(R"({"00280010":{"vr":"US","Value":[65536]}})"), HasSubstr("(0028,0010): 65536"));
  EXPECT_THAT(refused(R"({"00280010":{"vr":"US","Value":[1.5]}})"), HasSubstr("(0028,0010): 1.5"));
  EXPECT_THAT(refused(R"({"00280010":{"vr":"XX"}})"), HasSubstr("(0028,0010)"));
  EXPECT_THAT(refused(R"({"00280010":7})"), HasSubstr("(0028,0010)"));
  EXPECT_THAT(refused(R"({"00280010":{"vr":"US","Value":7}})"), HasSubstr("no array"));
  EXPECT_THAT(refused(R"({"0028001x":{"vr":"US"}})"), HasSubstr("0028001x"));
  EXPECT_THAT(refused(R"({"FFFEE000":{"vr":"US"}})"), HasSubstr("FFFEE000"));
  EXPECT_THAT(refused(R"({"00204000":{"vr":"LT","Value":["a","b"]}})"), HasSubstr("(0020,4000): 2 values"));
  EXPECT_THAT(refused(R"({"00091001":{"vr":"OB","InlineBinary":"A"}})"), HasSubstr("(0009,1001)"));
  EXPECT_THAT(refused(R"({"00091001":{"vr":"OB","InlineBinary":"AA==","BulkDataURI":"x"}})"),
              HasSubstr("more than one"));
  EXPECT_THAT(refused(R"({"00091001":{"vr":"LO","InlineBinary":"AA=="}})"), HasSubstr("InlineBinary"));
  EXPECT_THAT(refused(R"({"00081140":{"vr":"SQ","Value":[7]}})"), HasSubstr("(0008,1140)[1]"));
  EXPECT_THAT(refused(R"({"7FE00010":{"vr":"OW","InlineBinary":"AAEC"}})"), HasSubstr("Rows (0028,0010)"));
  EXPECT_THAT(refused(R"({"00280010":{"vr":"US","Value":[3]},"00280011":{"vr":"US","Value":[5]},
                         "00280100":{"vr":"US","Value":[8]},"7FE00010":{"vr":"OW","InlineBinary":"AAEC"}})"),
              HasSubstr("it has 4 bytes, and the header tells of 15"));
  auto text = fmt::format(R"({{"00081030":{{"vr":"LO","Value":["{}"]}}}})", std::string(70'000, 'x'));
  EXPECT_THAT(refused(text.c_str()), HasSubstr("(0008,1030): 70000 bytes"));
}

TEST(JsonModel, BoundsSequencesInOneAnother) {
  std::string model = "{}";
  for (int i = 0; i < 1000; ++i) model = fmt::format(R"({{"00081140":{{"vr":"SQ","Value":[{}]}}}})", model);
  EXPECT_THAT(refused(model.c_str()), HasSubstr("more than 32 sequences"));
}

}  // namespace
}  // namespace larmor::dicom
