#include "dicom/web/xml_model.h"

#include <gmock/gmock.h>

#include "dicom/query/native_xml.h"

namespace larmor::dicom {
namespace {

TEST(XmlModel, IsReadAsItIsWritten) {
  const auto model = Json::parse(R"({
    "00080005":{"vr":"CS","Value":["ISO_IR 192"]},
    "00080008":{"vr":"CS","Value":["ORIGINAL",null,"<&\">"]},
    "00100010":{"vr":"PN","Value":[{"Alphabetic":"Müller^^Otto","Ideographic":"张^小东"}]},
    "00081140":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2"]}},{}]},
    "00100020":{"vr":"LO"}})");
  EXPECT_EQ(json_of_xml(native_xml(model)).value(), model);
}

TEST(XmlModel, ReadsWhereABinaryValueIs) {
  const auto read = json_of_xml(R"(<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">
    <DicomAttribute tag="7FE00010" vr="OW"><BulkData uri="a/b"/></DicomAttribute>
    <DicomAttribute tag="00091001" vr="OB"><InlineBinary>AAEC</InlineBinary></DicomAttribute></NativeDicomModel>)");
  EXPECT_EQ(read.value(), Json::parse(R"({"7FE00010":{"vr":"OW","BulkDataURI":"a/b"},
                                          "00091001":{"vr":"OB","InlineBinary":"AAEC"}})"));
}

TEST(XmlModel, SaysWhatIsNone) {
  const auto attribute = [](std::string_view inside) {
    return fmt::format(
        "<NativeDicomModel><DicomAttribute tag=\"00081140\" vr=\"SQ\">{}</DicomAttribute></NativeDicomModel>", inside);
  };
  std::string deep;
  for (int i = 0; i < 100; ++i)
    deep =
        fmt::format("<Item number=\"1\"><DicomAttribute tag=\"00081140\" vr=\"SQ\">{}</DicomAttribute></Item>", deep);
  for (const auto& wrong :
       {std::string(), std::string("{}"), std::string("<NativeDicomModel>"), std::string("<Other/>"),
        attribute("<Value>1</Value>"), attribute("<Value number=\"4000000000\">1</Value>"), attribute(deep)})
    EXPECT_EQ(json_of_xml(wrong).error().code, Code::corrupt) << wrong.substr(0, 200);
}

}  // namespace
}  // namespace larmor::dicom
