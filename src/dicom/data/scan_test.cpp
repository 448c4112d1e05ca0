#include "dicom/data/scan.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"
#include "base/test_support.h"
#include "dicom/data/part10.h"
#include "dicom/data/text.h"

namespace larmor::dicom {
namespace {

constexpr Tag kWanted[] = {
    tag::kSpecificCharacterSet, tag::kSopClassUid,   tag::kSopInstanceUid,   tag::kModality,
    tag::kPatientName,          tag::kPatientId,     tag::kStudyInstanceUid, tag::kSeriesInstanceUid,
    tag::kInstanceNumber,       tag::kNumberOfFrames};

std::string front(std::string_view transfer_syntax) {
  return part10_front(SopClassUid("1.2"), SopUid("1.2.3"), TransferSyntaxUid(std::string(transfer_syntax)), AeTitle());
}
const std::string kExplicit = front("1.2.840.10008.1.2.1"), kImplicit = front("1.2.840.10008.1.2");

std::string bytes(std::initializer_list<std::string> parts) {
  std::string all;
  for (const auto& part : parts) all += part;
  return all;
}
template <std::size_t N>
std::string raw(const char (&text)[N]) {
  return std::string(text, N - 1);
}
const std::string kName = raw("\x10\0\x10\0PN\4\0A^B ");

TEST(Scan, RefusesWhatIsNoDicomFile) {
  EXPECT_EQ(scan(as_bytes("hello"), kWanted).error().code, Code::corrupt);
  EXPECT_EQ(scan(as_bytes(std::string(4000, 'x')), kWanted).error().code, Code::corrupt);
}

TEST(Scan, StepsOverSequencesOfEveryKind) {
  const auto item = raw("\xfe\xff\0\xe0\xff\xff\xff\xff");
  const auto item_end = raw("\xfe\xff\x0d\xe0\0\0\0\0"), sequence_end = raw("\xfe\xff\xdd\xe0\0\0\0\0");
  const auto undefined = raw("\x08\0\x15\x11SQ\0\0\xff\xff\xff\xff");
  const auto defined_item = bytes({raw("\xfe\xff\0\xe0\x0c\0\0\0"), kName});
  const auto nested = bytes({undefined, item, kName, item_end, defined_item, sequence_end});
  const auto file = bytes({kExplicit, undefined, item, nested, item_end, sequence_end, kName});
  const auto header = scan(as_bytes(file), kWanted);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->end, End::data_set) << header->remark;
  EXPECT_EQ((*header)[tag::kPatientName], "A^B");
}

TEST(Scan, ReadsAnUnknownSequenceAsImplicit) {
  const auto file =
      bytes({kExplicit, raw("\x09\0\x10\x10UN\0\0\xff\xff\xff\xff"), raw("\xfe\xff\0\xe0\xff\xff\xff\xff"),
             raw("\x08\0\x60\0\2\0\0\0MR"), raw("\xfe\xff\x0d\xe0\0\0\0\0"), raw("\xfe\xff\xdd\xe0\0\0\0\0"), kName});
  const auto header = scan(as_bytes(file), kWanted);
  EXPECT_EQ(header->end, End::data_set) << header->remark;
  EXPECT_EQ((*header)[tag::kPatientName], "A^B");
  EXPECT_EQ((*header)[tag::kModality], "");
}

TEST(Scan, IsNotExhaustedByBottomlessNesting) {
  std::string file = kImplicit + raw("\x08\0\x15\x11\xff\xff\xff\xff");
  for (int i = 0; i < 100'000; ++i) file += raw("\xfe\xff\0\xe0\xff\xff\xff\xff\x08\0\x15\x11\xff\xff\xff\xff");
  EXPECT_EQ(scan(as_bytes(file), kWanted)->end, End::malformed);
}

TEST(Scan, TellsCutFromMalformedAndKeepsWhatCameBefore) {
  const auto cut = bytes({kExplicit, kName, raw("\x10\0\x20\0LO\x40\0only this")});
  auto header = scan(as_bytes(cut), kWanted);
  EXPECT_EQ(header->end, End::cut);
  EXPECT_EQ((*header)[tag::kPatientName], "A^B");
  EXPECT_EQ((*header)[tag::kPatientId], "");
  const auto wrong = bytes({kExplicit, kName, raw("\x10\0\x20\0\1\2\3\4........")});
  header = scan(as_bytes(wrong), kWanted);
  EXPECT_EQ(header->end, End::malformed);
  EXPECT_EQ((*header)[tag::kPatientName], "A^B");
  EXPECT_NE(header->remark.find(std::to_string(kExplicit.size() + kName.size())), std::string::npos) << header->remark;
}

TEST(Scan, SeesThatAFileIsNotCodedAsItsMetaInformationSays) {
  const auto implicit_name = raw("\x10\0\x10\0\4\0\0\0A^B ");
  EXPECT_EQ((*scan(as_bytes(kExplicit + implicit_name), kWanted))[tag::kPatientName], "A^B");
  EXPECT_EQ((*scan(as_bytes(kImplicit + kName), kWanted))[tag::kPatientName], "A^B");
  EXPECT_EQ((*scan(as_bytes(front("1.2.3.4.5.private") + kName), kWanted))[tag::kPatientName], "A^B");
}

TEST(Scan, ReadsBigEndianAndStopsAtThePixelData) {
  const auto file =
      bytes({front("1.2.840.10008.1.2.2"), raw("\0\x10\0\x10PN\0\4A^B "), raw("\x7f\xe0\0\x10OW\0\0\0\0\0\x02zz")});
  const auto header = scan(as_bytes(file), kWanted);
  EXPECT_EQ(header->end, End::pixel_data);
  EXPECT_EQ((*header)[tag::kPatientName], "A^B");
}

TEST(Scan, NeverReadsBeyondTheBytesWhereverTheyEnd) {
  const auto file =
      bytes({kExplicit, raw("\x08\0\x15\x11SQ\0\0\xff\xff\xff\xff"), raw("\xfe\xff\0\xe0\xff\xff\xff\xff"), kName,
             raw("\xfe\xff\x0d\xe0\0\0\0\0"), raw("\xfe\xff\xdd\xe0\0\0\0\0"), kName});
  for (std::size_t size = 132; size < file.size(); ++size) {
    const std::vector<char> exact(file.begin(),
                                  file.begin() + static_cast<std::ptrdiff_t>(size));  // ASan watches its end
    const auto header = scan(as_bytes({exact.data(), exact.size()}), kWanted);
    ASSERT_TRUE(header);
    EXPECT_NE(header->end, End::malformed) << size << " " << header->remark;
  }
}

std::string theirs(DcmItem& item, const DcmTagKey& key) {
  const char* value = nullptr;
  if (item.findAndGetString(key, value).good()) return value ? std::string(without_padding(value)) : std::string();
  const Uint8* bytes = nullptr;  // where the file calls everything UN
  unsigned long size = 0;
  if (item.findAndGetUint8Array(key, bytes, &size).bad() || !bytes) return {};
  return std::string(without_padding({reinterpret_cast<const char*>(bytes), size}));
}

/// DCMTK parses the same file in full; every value that it finds must be what the scan found.
void compare(const std::filesystem::path& path, const std::string& content, int& compared) {
  DcmFileFormat file;
  const bool readable = file.loadFile(path.c_str()).good();
  const auto header = scan(as_bytes(content), kWanted);
  if (!header) {
    EXPECT_TRUE(content.size() < 132 || content.substr(128, 4) != "DICM") << path;
    return;
  }
  if (!readable) return;
  ++compared;
  auto& data_set = *file.getDataset();
  EXPECT_EQ(header->transfer_syntax, theirs(*file.getMetaInfo(), DCM_TransferSyntaxUID)) << path;
  for (const auto wanted : kWanted) {
    const DcmTagKey key(static_cast<Uint16>(wanted >> 16), static_cast<Uint16>(wanted & 0xFFFF));
    EXPECT_EQ((*header)[wanted], theirs(data_set, key))
        << path << " " << key.toString().c_str() << " " << header->remark;
  }
  const auto charset = std::string((*header)[tag::kSpecificCharacterSet]);
  const auto name = to_utf8((*header)[tag::kPatientName], charset, true);
  EXPECT_TRUE(is_utf8(name)) << path;
  if (data_set.convertToUTF8().bad()) return;  // DCMTK on this system may not know the set
  EXPECT_EQ(name, theirs(data_set, DCM_PatientName)) << path << " in " << charset;
}

TEST(Scan, AgreesWithDcmtkOnEveryFileOfTheCorpus) {
  const auto root = shared_data("dicom");
  if (!std::filesystem::exists(root))
    GTEST_SKIP() << "the DICOM corpus is not here: set LARMOR_SHARED to the folder that holds data/dicom";
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  int compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    const auto content = read_file(entry.path());
    ASSERT_TRUE(content) << entry.path();
    compare(entry.path(), *content, compared);
  }
  EXPECT_GT(compared, 100);
  RecordProperty("compared", compared);
}

}  // namespace
}  // namespace larmor::dicom
