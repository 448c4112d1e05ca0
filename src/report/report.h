#pragma once
/// The page and the pictures that people look at: one A4 page (PDF, vector text) and montages of slices with outlines.
///
/// Radiological convention throughout: the patient's left is on the viewer's right, and every picture says so.
/// Pure: the bytes depend on the arguments and on the installed fonts alone (Inter, then DejaVu Sans); the date of the
/// PDF is `Findings::made`. Any thread. Failures: `invalid` (nothing to draw), `internal` (the drawing library
/// refused).
#include <optional>
#include <string>
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

struct Findings {
  Phi<Subject> subject;
  Acquisition acquisition;
  std::vector<VolumeRow> volumes;
  std::optional<double> intracranial_ml;
  std::vector<std::string> flags;  ///< quality flags, one sentence each
  std::string pipeline = "Larmor brain", version, weights;
  std::string remark;  ///< printed in bold above everything, e.g. that the data are simulated
  std::string made;    ///< "2026-11-24T10:15:00": printed, and the PDF's creation date; no time zone
};

/// "Yamada, Tarou (山田 太郎)" of "Yamada^Tarou=山田^太郎=やまだ^たろう" (PS3.5 6.2.1.1).
std::string readable_name(std::string_view person_name);

/// One A4 page.
Result<std::string> page_pdf(const Findings&, const Scene&);
/// The same page as pixels, for archives that show no PDF.
Result<Picture> page_picture(const Findings&, const Scene&, double dots_per_inch = 150);
/// Twelve slices through the brain with outlines and a legend of the planes.
Result<Picture> montage(const Scene&, Plane);
/// PNG of a picture.
Result<std::string> to_png(const Picture&);

}  // namespace larmor::report
