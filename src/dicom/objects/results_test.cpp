/// What holds for every kind of result: who it is about, when it was, and what the validator says.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/test_support.h"
#include "dicom/objects/capture.h"
#include "dicom/objects/dicomize.h"
#include "dicom/objects/pdf.h"
#include "dicom/objects/seg.h"
#include "dicom/objects/sr.h"
#include "dicom/objects/testing.h"

namespace larmor::dicom {
namespace {

constexpr std::string_view kPdf = "%PDF-1.5\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF";

struct Results {
  Scratch scratch, earlier;
  SourceSeries source, prior;
  std::map<std::string, Object> objects;
};

/// The four kinds of result about a small series whose first image `change` may alter beforehand.
std::unique_ptr<Results> make_results(const std::function<void(DcmDataset&)>& change = {}, const Maker& maker = {}) {
  auto out = std::make_unique<Results>();
  imaging::Volume<float> head(
      imaging::Grid{{4, 6, 8}, imaging::Affine{{{{0, 0, 1, -4}, {0, 1, 0, -3}, {1.2, 0, 0, -2}}}}}, 100.0F);
  out->source = describe(out->scratch, *dicomize(head, {}));
  DicomizeOptions before;
  before.study_date = "19980302";
  before.seed = "before";
  out->prior = describe(out->earlier, *dicomize(head, before));
  out->prior.about_study.date = before.study_date;
  if (change) {
    DcmFileFormat file;
    file.loadFile(out->source.example.c_str());
    file.loadAllDataIntoMemory();
    change(*file.getDataset());
    EXPECT_TRUE(file.saveFile(out->source.example.c_str()).good());
  }
  imaging::Volume<std::uint8_t> labels(imaging::Grid{{4, 6, 8}, {}});
  for (std::size_t i = 40; i < 140; ++i) labels.voxels[i] = i % 2 ? 17 : 53;
  const auto seg = write_seg(out->source, labels, maker);
  EXPECT_TRUE(seg) << seg.error().what;
  Measurements measured;
  measured.volumes = {
      {17, 3.1415, 0.92, Ranking{-1.31, 9.5, 2.2, 27.8}}, {53, 3.3, std::nullopt}, {26, 0.0, std::nullopt}};
  measured.intracranial_ml = 1512.7;
  measured.sums = {{"brain", {"12738006", "SCT", "Brain"}, 1201.25, Ranking{0.5, 69.1, 50, 84.5}}};
  measured.parts = {{"right insula, cortex", {"36169008", "SCT", "Insula"}, imaging::Side::right, 6.543}};
  measured.indices = {{"brain_fraction", "Brain parenchymal fraction", 0.794, false},
                      {"hippocampal_asymmetry", "Hippocampal asymmetry", -4.9, true}};
  measured.since = SincePrior{&out->prior,
                              2.0,
                              {{"brain", {"12738006", "SCT", "Brain"}, 1215, 1200, -1.242, -1.235, 0.12},
                               {"ventricles", {"35764002", "SCT", "Brain ventricle"}, 20, 21, 4.878, 5, 0.2}},
                              "Jacobian integration",
                              "within normal ageing: because of these figures",
                              {"another scanner: the prior's is 'A', now 'B'"}};
  measured.quality = {"The left hippocampus is cut off by the edge of the image"};
  measured.population = "NOMIS 2021, for age, sex and head size";
  measured.remarks = {"Centiles are those of healthy adults."};
  const auto sr = write_sr(out->source, measured, *seg, maker);
  EXPECT_TRUE(sr) << sr.error().what;
  const auto pdf = write_pdf(out->source, kPdf, "Brain volumes", maker);
  EXPECT_TRUE(pdf) << pdf.error().what;
  const std::vector<std::uint8_t> pixels(std::size_t{5} * 7 * 3, 90);
  const auto capture = write_capture(out->source, {5, 7, pixels, "axial", false}, 1, maker);
  EXPECT_TRUE(capture) << capture.error().what;
  out->objects = {{"SEG", seg->object}, {"SR", *sr}, {"PDF", *pdf}, {"SC", *capture}};
  return out;
}

std::string raw_bytes(DcmItem& item, const DcmTagKey& tag) {
  DcmElement* element = nullptr;
  char* text = nullptr;
  if (item.findAndGetElement(tag, element).bad() || element->getString(text).bad() || !text) return {};
  return text;
}

TEST(Results, PassDciodvfy) {
  if (!have_dciodvfy()) GTEST_SKIP() << "dciodvfy (Debian: dicom3tools) is not installed";
  const auto results = make_results();
  for (const auto& [kind, object] : results->objects)
    EXPECT_EQ(complaints_of_dciodvfy(results->scratch, object), "") << kind;
}

TEST(Results, AreTheSameBytesWhenTheRunIsRepeated) {
  const auto once = make_results(), again = make_results();
  for (const auto& [kind, object] : once->objects) {
    EXPECT_EQ(object.instance, again->objects.at(kind).instance) << kind;
    EXPECT_TRUE(object.bytes == again->objects.at(kind).bytes) << kind;
  }
}

TEST(Results, OfAnotherVersionWeightsOrGenerationAreOtherObjects) {
  Maker newer, later, trained;
  newer.version = "9.9.9";
  later.generation = 2;
  trained.weights = "0badcafe";
  const auto first = make_results(), second = make_results({}, newer), third = make_results({}, later);
  const auto fourth = make_results({}, trained);
  for (const auto& [kind, object] : first->objects) {
    EXPECT_NE(object.instance, second->objects.at(kind).instance) << kind;
    EXPECT_NE(object.instance, third->objects.at(kind).instance) << kind;
    EXPECT_NE(object.instance, fourth->objects.at(kind).instance) << kind;
    EXPECT_NE(object.series, third->objects.at(kind).series) << kind;
  }
}

TEST(Results, BelongToTheStudyAndKeepEveryDateAsWritten) {
  const auto results = make_results([](DcmDataset& d) {
    d.putAndInsertString(DCM_StudyDate, "20191231");
    d.putAndInsertString(DCM_StudyTime, "235959.999");
    d.putAndInsertString(DCM_PatientBirthDate, "19500101");
    d.putAndInsertString(DCM_TimezoneOffsetFromUTC, "-1100");
  });
  for (const auto& [kind, object] : results->objects) {
    const auto file = parse(object.bytes);
    auto& d = *file->getDataset();
    EXPECT_EQ(text_at(d, DCM_StudyInstanceUID), results->source.study.str()) << kind;
    EXPECT_EQ(text_at(d, DCM_StudyDate), "20191231") << kind;
    EXPECT_EQ(text_at(d, DCM_StudyTime), "235959.999") << kind;
    EXPECT_EQ(text_at(d, DCM_PatientBirthDate), "19500101") << kind;
    EXPECT_EQ(text_at(d, DCM_TimezoneOffsetFromUTC), "-1100") << kind;
    EXPECT_EQ(text_at(d, DCM_ContentDate), results->source.date) << kind;
    EXPECT_EQ(text_at(d, DCM_ContentTime), results->source.time) << kind;
  }
}

TEST(Results, KeepThePatientsNameInEveryCharacterSet) {
  const std::map<std::string, std::string> names = {
      {"", "Adams^John"},
      {"ISO_IR 100", "Buc^J\xE9r\xF4me"},
      {"ISO_IR 144", "\xBB\xEE\xDA\x63\x65\xDC\xD1\x79\x70\xD3"},
      {"ISO_IR 192", "Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE6\x9D\xB1"},
      {"GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB"},
      {"\\ISO 2022 IR 87", "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B"},
      {"\\ISO 2022 IR 149", "Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7"}};
  for (const auto& [charset, name] : names) {
    const auto results = make_results([&charset = charset, &name = name](DcmDataset& d) {
      d.findAndDeleteElement(DCM_SpecificCharacterSet);
      if (!charset.empty()) d.putAndInsertString(DCM_SpecificCharacterSet, charset.c_str());
      d.putAndInsertString(DCM_PatientName, name.c_str());
    });
    for (const auto& [kind, object] : results->objects) {
      const auto file = parse(object.bytes);
      EXPECT_EQ(raw_bytes(*file->getDataset(), DCM_PatientName), name) << kind << " " << charset;
      EXPECT_EQ(raw_bytes(*file->getDataset(), DCM_SpecificCharacterSet), charset) << kind;
    }
  }
}

/// Every readable file of the conformance corpus as the source of a report: what other people's files look like.
TEST(Results, RepeatPatientAndStudyOfEveryFileOfTheCorpusByteForByte) {
  const auto folder = shared_data("dicom");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the conformance corpus is not in " << folder;
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.file_size() > (4 << 20)) continue;
    DcmFileFormat original;
    if (original.loadFile(entry.path().c_str(), EXS_Unknown, EGL_noChange, 4096).bad()) continue;
    auto& from = *original.getDataset();
    SourceSeries source;
    source.study = StudyUid(text_at(from, DCM_StudyInstanceUID));
    source.series = SeriesUid(text_at(from, DCM_SeriesInstanceUID));
    source.slices.push_back(
        {SopClassUid(text_at(from, DCM_SOPClassUID)), SopUid(text_at(from, DCM_SOPInstanceUID)), 0, {}, {}});
    source.example = entry.path();
    if (source.study.empty() || source.slices[0].instance.empty()) continue;
    if (source.study.str().find('\\') != std::string::npos) continue;  // written as UN: no reader takes it for a UID
    const auto pdf = write_pdf(source, kPdf, "Brain volumes", {});
    ASSERT_TRUE(pdf) << entry.path() << ": " << pdf.error().what;
    const auto file = parse(pdf->bytes);
    ASSERT_TRUE(file) << entry.path();
    for (const auto& tag :
         {DCM_SpecificCharacterSet, DCM_PatientName, DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_StudyDate,
          DCM_StudyTime, DCM_StudyDescription, DCM_AccessionNumber, DCM_StudyInstanceUID})
      EXPECT_EQ(raw_bytes(*file->getDataset(), tag), raw_bytes(from, tag))
          << entry.path() << " " << DcmTag(tag).getTagName();
    ++seen;
  }
  EXPECT_GT(seen, 50);
}

TEST(Results, OfALossySourceSayThatSomethingWasLost) {
  const auto results = make_results([](DcmDataset& d) {
    d.putAndInsertString(DCM_LossyImageCompression, "01");
    d.putAndInsertString(DCM_LossyImageCompressionRatio, "8.5");
    d.putAndInsertString(DCM_LossyImageCompressionMethod, "ISO_15444_1");
  });
  for (const auto* kind : {"SEG", "SC"}) {
    const auto file = parse(results->objects.at(kind).bytes);
    EXPECT_EQ(text_at(*file->getDataset(), DCM_LossyImageCompression), "01") << kind;
    EXPECT_EQ(text_at(*file->getDataset(), DCM_LossyImageCompressionRatio), "8.5") << kind;
  }
}

TEST(Results, SayThatLarmorIsNoMedicalDevice) {
  const auto results = make_results();
  for (const auto& [kind, object] : results->objects)
    EXPECT_NE(object.bytes.find(kNotADevice), std::string::npos) << kind;
}

TEST(Results, DoNotNeedDatesInTheSourceNorRepeatItsEmptySequences) {
  const auto results = make_results([](DcmDataset& d) {
    d.insertEmptyElement(DCM_ProcedureCodeSequence);
    for (const auto& tag :
         {DCM_StudyDate, DCM_StudyTime, DCM_PatientName, DCM_PatientID, DCM_StudyID, DCM_Manufacturer})
      d.findAndDeleteElement(tag);
  });
  if (!have_dciodvfy()) GTEST_SKIP() << "dciodvfy (Debian: dicom3tools) is not installed";
  for (const auto& [kind, object] : results->objects)
    EXPECT_EQ(complaints_of_dciodvfy(results->scratch, object), "") << kind;
}

TEST(Pdf, IsOfModalityDocAndComesOutAsItWentIn) {
  const auto results = make_results();
  const auto file = parse(results->objects.at("PDF").bytes);
  auto& d = *file->getDataset();
  EXPECT_EQ(text_at(d, DCM_Modality), "DOC");
  EXPECT_EQ(text_at(d, DCM_SOPClassUID), UID_EncapsulatedPDFStorage);
  EXPECT_EQ(text_at(d, DCM_MIMETypeOfEncapsulatedDocument), "application/pdf");
  EXPECT_EQ(text_at(d, DCM_BurnedInAnnotation), "YES");
  const Uint8* bytes = nullptr;
  ASSERT_TRUE(d.findAndGetUint8Array(DCM_EncapsulatedDocument, bytes).good());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes), kPdf.size()), kPdf);
  DcmSequenceOfItems* sources = nullptr;
  ASSERT_TRUE(d.findAndGetSequence(DCM_SourceInstanceSequence, sources).good());
  EXPECT_EQ(sources->card(), 4u);
}

TEST(Pdf, IsRefusedWhereItIsNone) {
  const auto results = make_results();
  EXPECT_EQ(write_pdf(results->source, "hello", "x", {}).error().code, Code::invalid);
}

TEST(Capture, IsRefusedWhenSizeAndBytesDisagree) {
  const auto results = make_results();
  const std::vector<std::uint8_t> pixels(10);
  EXPECT_EQ(write_capture(results->source, {5, 7, pixels, "x", false}, 1, {}).error().code, Code::invalid);
}

TEST(Sr, IsCompleteUnverifiedAndPointsAtTheSegments) {
  const auto results = make_results();
  const auto file = parse(results->objects.at("SR").bytes);
  auto& d = *file->getDataset();
  EXPECT_EQ(text_at(d, DCM_CompletionFlag), "COMPLETE");
  EXPECT_EQ(text_at(d, DCM_VerificationFlag), "UNVERIFIED");
  EXPECT_TRUE(d.tagExists(DCM_ReferencedPerformedProcedureStepSequence));
  EXPECT_NE(results->objects.at("SR").bytes.find(results->objects.at("SEG").instance.str()), std::string::npos);
}

TEST(Sr, IsReadByDcmtksOwnReader) {
  if (std::system("command -v dsr2html >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "dsr2html (Debian: dcmtk) is not installed";
  const auto results = make_results();
  const auto in = results->scratch.write("sr.dcm", results->objects.at("SR").bytes);
  const auto html = output_of("dsr2html " + in.string());
  for (const auto* wanted : {"Imaging Measurement Report",
                             "left hippocampus",
                             "3.142",
                             "intracranial volume",
                             "1512.7",
                             "The left hippocampus is cut off",
                             "Not a medical device",
                             "Z-Score of measurement",
                             "-1.31",
                             "Percentile Ranking of measurement",
                             "9.50",
                             "27.80",
                             "NOMIS 2021",
                             "healthy adults",
                             "right insula, cortex",
                             "6.543",
                             "1201.250",
                             "69.10",
                             "Brain parenchymal fraction",
                             "0.794",
                             "Hippocampal asymmetry",
                             "-4.900"})
    EXPECT_NE(html.find(wanted), std::string::npos) << wanted << "\n" << html.substr(0, 3000);
}

TEST(Sr, TellsTheChangeItsErrorTheIntervalAndTheEarlierScan) {
  if (std::system("command -v dsrdump >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "dsrdump (Debian: dcmtk) is not installed";
  const auto results = make_results();
  const auto in = results->scratch.write("sr.dcm", results->objects.at("SR").bytes);
  const auto text = output_of("dsrdump +Pl " + in.string());
  for (const auto* wanted :
       {"Percentage brain volume change\")=\"-1.242\"", "Standard Deviation\")=\"0.120\"",
        "Percent change of volume per year\")=\"-0.621\"", "Standard Deviation\")=\"0.060\"",
        "Percent change of volume\")=\"4.878\"", "Longitudinal Temporal Offset from Event\")=\"2.000\"",
        "Change against normal ageing\")=\"within normal ageing: because of these figures", "scanned on 1998-03-02",
        "another scanner: the prior's is 'A'"})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << "\n" << text;
  const auto file = parse(results->objects.at("SR").bytes);
  DcmItem* other = nullptr;
  ASSERT_TRUE(file->getDataset()->findAndGetSequenceItem(DCM_PertinentOtherEvidenceSequence, other).good());
  EXPECT_EQ(text_at(*other, DCM_StudyInstanceUID), results->prior.study.str());
}

}  // namespace
}  // namespace larmor::dicom
