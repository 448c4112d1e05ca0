#include "dicom/data/json.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "dicom/data/part10.h"

namespace larmor::dicom {
namespace {

/// Explicit VR, short form; padded to an even length.
std::string element(Tag tag, std::string_view vr, std::string value) {
  if (value.size() % 2 != 0) value += vr == "UI" ? '\0' : ' ';
  const auto bytes = [](std::uint64_t number, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += static_cast<char>(number >> 8 * i);
    return out;
  };
  const bool long_head = vr == "SQ" || vr == "UN" || vr == "OB";
  return bytes(tag >> 16, 2) + bytes(tag & 0xFFFF, 2) + std::string(vr) +
         (long_head ? bytes(0, 2) + bytes(value.size(), 4) : bytes(value.size(), 2)) + value;
}

std::optional<HeaderJson> written(const std::string& data_set, const char* syntax = "1.2.840.10008.1.2.1") {
  const auto file = part10_front(SopClassUid("1.2"), SopUid("1.2.3"), TransferSyntaxUid(syntax), AeTitle()) + data_set;
  return header_json(as_bytes(file), scan(as_bytes(file), {}).value(), "bulkdata/");
}

Json json_of(const std::string& data_set) {
  const auto header = written(data_set);
  return header ? parse_json(header->text).value_or(Json("no JSON: " + header->text)) : Json("nothing");
}

TEST(HeaderJson, WritesTextInUtf8AndPeopleByTheirComponents) {
  const auto json = json_of(element(0x00080005, "CS", "ISO_IR 100") +
                            element(0x00081030, "LO",
                                    "Sch\xE4"
                                    "del\\\\\"x\"") +
                            element(0x00100010, "PN", "A^B=\xC4") + element(0x00104000, "LT", " a\\b\n"));
  EXPECT_EQ(json["00080005"], Json::parse(R"({"vr": "CS", "Value": ["ISO_IR 192"]})"));
  EXPECT_EQ(json["00081030"], Json::parse(R"({"vr": "LO", "Value": ["Schädel", null, "\"x\""]})"));
  EXPECT_EQ(json["00100010"]["Value"][0], Json::parse(R"({"Alphabetic": "A^B", "Ideographic": "Ä"})"));
  EXPECT_EQ(json["00104000"]["Value"][0], " a\\b\n");
}

TEST(HeaderJson, KnowsWhatItsWriterDidNot) {
  const auto json =
      json_of(element(0x00081030, "UN", "Head") + element(0x00091001, "UN", "x") + element(0x00280010, "UN", {2, 1}));
  EXPECT_EQ(json["00081030"], Json::parse(R"({"vr": "LO", "Value": ["Head"]})"));
  EXPECT_EQ(json["00091001"]["vr"], "UN");
  EXPECT_EQ(json["00280010"], Json::parse(R"({"vr": "US", "Value": [258]})"));
  EXPECT_FALSE(written(element(0x00081140, "UN", "x"))) << "a sequence, for DCMTK";
}

TEST(HeaderJson, WritesNumbersThatJsonCanHold) {
  const auto json =
      json_of(element(0x00180050, "DS", "+1.50\\.5\\007\\1e3\\") + element(0x00200013, "IS", "007 ") +
              element(0x00280010, "US", std::string("\1\2", 2)) + element(0x00280100, "US", std::string("\x10\0", 2)));
  EXPECT_EQ(json["00180050"]["Value"], Json::parse("[1.5, 0.5, 7, 1000, null]"));
  EXPECT_EQ(json["00200013"]["Value"][0], 7);
  EXPECT_EQ(json["00280010"]["Value"][0], 513);
}

TEST(HeaderJson, GoesIntoSequencesOfEveryKind) {
  const std::string item("\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF", 8), item_end("\xFE\xFF\x0D\xE0\0\0\0\0", 8),
      end("\xFE\xFF\xDD\xE0\0\0\0\0", 8), open("\x08\0\x15\x11SQ\0\0\xFF\xFF\xFF\xFF", 12);
  const auto name = element(0x00100010, "PN", "A^B ");
  const auto json = json_of(open + item + name + item_end + item + item_end + end + element(0x00081140, "SQ", "") +
                            element(0x00082112, "SQ", std::string("\xFE\xFF\0\xE0\x0C\0\0\0", 8) + name));
  ASSERT_EQ(json["00081115"]["Value"].size(), 2u) << json;
  EXPECT_EQ(json["00081115"]["Value"][0]["00100010"]["Value"][0]["Alphabetic"], "A^B");
  EXPECT_EQ(json["00081115"]["Value"][1], Json::object());
  EXPECT_EQ(json["00081140"], Json::parse(R"({"vr": "SQ"})"));
  EXPECT_EQ(json["00082112"]["Value"][0]["00100010"]["vr"], "PN");
}

TEST(HeaderJson, TellsAnImageAndRefersToIcons) {
  const auto image =
      element(0x00280010, "US", std::string("\1\0", 2)) + element(0x00280100, "US", std::string("\x08\0", 2));
  const auto icon = image + element(0x7FE00010, "OB", "xx");
  EXPECT_FALSE(
      written(element(0x00880200, "SQ",
                      std::string("\xFE\xFF\0\xE0", 4) + static_cast<char>(icon.size()) + std::string(3, '\0') + icon))
          ->image);
  const auto header = written(image);
  EXPECT_TRUE(header->image);
  EXPECT_EQ(header->bits, 8);
}

TEST(HeaderJson, LeavesWhatIsUnusualToOthers) {
  const auto name = element(0x00100010, "PN", "A^B ");
  EXPECT_TRUE(written(name));
  EXPECT_FALSE(written(name.substr(0, name.size() - 1))) << "cut off";
  EXPECT_FALSE(written(name + element(0x00080060, "CS", "MR"))) << "out of order";
  EXPECT_FALSE(written(element(0x00180050, "DS", "thin"))) << "no number";
  EXPECT_FALSE(written(element(0x00189074, "FD", std::string("\0\0\0\0\0\0\xF8\x7F", 8)))) << "not a number";
  EXPECT_FALSE(written(name, "1.2.840.10008.1.2.2")) << "big endian";
}

}  // namespace
}  // namespace larmor::dicom
