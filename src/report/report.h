#pragma once
/// The pages and the pictures that people look at: A4 pages (PDF, vector text) and montages of slices with outlines.
///
/// Radiological convention throughout: the patient's left is on the viewer's right, and every picture says so.
/// Pure: the bytes depend on the arguments and on the installed fonts alone (Inter, then DejaVu Sans); the date of the
/// PDF is `Findings::made`. Any thread. Failures: `invalid` (nothing to draw), `internal` (the drawing library
/// refused).
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/phi.h"
#include "base/result.h"
#include "report/scene.h"

namespace larmor::report {

struct Subject {
  std::string name;                      ///< as in DICOM (PN), UTF-8; printed by readable_name()
  std::string id, birth_date, sex, age;  ///< as written in DICOM; empty: not known
};

struct Acquisition {
  std::string study_date, study_description, accession;
  std::string series_description, scanner;  ///< "Philips Ingenia Elition X"
  std::string voxels;                       ///< "170 x 256 x 256, 1.0 x 1.0 x 1.0 mm"
};

struct VolumeRow {
  int structure = 0;  ///< FreeSurfer id
  double ml = 0;
};

/// A structure or a sum beside the norm.
struct NormRow {
  std::string name;   ///< "Hippocampus", "Brain"
  int structure = 0;  ///< FreeSurfer id; 0 for a sum
  double ml = 0, expected_ml = 0;
  double z = 0, z_error = 0;   ///< standard deviations from the expected volume, and the error of that
  std::string centile, range;  ///< "34", "12 to 63"
};

/// The norm over age, with the person on it.
struct NormChart {
  std::string title;
  std::vector<double> ages;                        ///< years, ascending
  std::array<std::vector<double>, 5> ml;           ///< 5th, 25th, 50th, 75th, 95th centile at these ages
  double age = 0, ml_here = 0, low = 0, high = 0;  ///< the person, and the range that the method leaves
};

struct Norms {
  std::string none_because;  ///< why nobody was compared; then there are no rows
  std::string person;        ///< "woman of 71 years with an intracranial volume of 1450 ml"
  std::vector<NormRow> rows;
  std::vector<NormChart> charts;
  std::vector<std::pair<std::string, std::string>> indices;  ///< "Brain parenchymal fraction", "0.78"
  std::vector<std::pair<std::string, std::string>> second;   ///< another norm's: "Ventricles", "25 to 50"
  std::vector<std::string> notes;                            ///< one sentence each
  std::string method;
};

/// How much one thing has changed since an earlier scan; negative is loss.
struct ChangeRow {
  std::string name;  ///< "Brain"
  double first_ml = 0, second_ml = 0;
  double percent = 0, error = 0;                   ///< of the mean of both volumes, and its standard deviation
  std::optional<double> per_year, per_year_error;  ///< absent where the interval is not known
};

/// What the brain of healthy people changes by in a year, over age, with the person on it; percent.
struct NormalAgeing {
  std::vector<double> ages;                        ///< years, ascending
  std::vector<double> expected, limit;             ///< at these ages; 95 of 100 healthy people stay above the limit
  double age = 0, percent = 0, low = 0, high = 0;  ///< the person, and the 95 % range of the measurement
};

/// An earlier scan of the same person, and what has changed since.
struct Since {
  std::string refused;          ///< why the two were not compared; then there is nothing else
  Acquisition prior;            ///< as far as known
  std::string interval;         ///< "2.0 years"; empty: not known
  std::string verdict, words;   ///< "faster than normal ageing", and the sentence behind it
  std::vector<ChangeRow> rows;  ///< the brain first
  std::optional<NormalAgeing> normal;
  std::vector<std::string> warnings;  ///< parts of sentences
  std::string method;
};

struct Findings {
  Phi<Subject> subject;
  Acquisition acquisition;
  std::vector<VolumeRow> volumes;
  std::optional<double> intracranial_ml;
  std::optional<Norms> norms;
  std::optional<Since> since;
  std::string lesions;             ///< of white matter, in FLAIR: sentences; empty: no FLAIR
  std::vector<std::string> flags;  ///< quality flags, one sentence each
  std::string pipeline = "Larmor brain", version, weights;
  std::string remark;  ///< printed in bold above everything, e.g. that the data are simulated
  std::string made;    ///< "2026-11-24T10:15:00": printed, and the PDF's creation date; no time zone
};

/// "Yamada, Tarou (山田 太郎)" of "Yamada^Tarou=山田^太郎=やまだ^たろう" (PS3.5 6.2.1.1).
std::string readable_name(std::string_view person_name);

/// Two A4 pages: the findings, then tables, methods and limits.
Result<std::string> page_pdf(const Findings&, const Scene&);
/// The first page as pixels, for archives that show no PDF.
Result<Picture> page_picture(const Findings&, const Scene&, double dots_per_inch = 150);
/// Twelve slices through the brain with outlines and a legend of the planes. `remark` is one of `Findings`.
Result<Picture> montage(const Scene&, Plane, std::string_view remark = {});
/// Slices in three planes with the local change in colours and their bar. `invalid` for a scene without a change.
Result<Picture> change_montage(const Scene&, std::string_view remark = {});
/// PNG of a picture.
Result<std::string> to_png(const Picture&);

}  // namespace larmor::report
