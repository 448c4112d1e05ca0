// Writes synthetic studies straight into a storage's index, through the index's own writer: a million objects through
// the storage contract would be a bench of the disk. No packs are made; the index is all that questions read.
//
//   index_fill STORAGE_DIRECTORY STUDIES   one study a line of thought: a name of 400 x 100, a patient of STUDIES / 3,
//   a day of five years, one of eight modalities; prints studies per second
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "dicom/data/date.h"
#include "services/storage/adapters/index.h"

namespace larmor::storage {
namespace {

constexpr int kBatch = 512, kDays = 1826;
constexpr std::array kModalities = {"MR", "CT", "CR", "DX", "US", "PT", "MG", "XA"};
constexpr std::array kSyllables = {"BER", "MAN", "SON", "HOL", "WIN", "KAR", "LEM", "TOR", "VAN", "DAL",
                                   "MIR", "GOS", "PEL", "RUN", "STE", "FEN", "NOR", "BAL", "QUI", "ZED"};

/// Number n of 400 names of two syllables.
std::string word(unsigned n) {
  return fmt::format("{}{}", kSyllables[n % 20], kSyllables[n / 20 % 20]);
}

/// YYYYMMDD, `day` days after the first of January 2021.
std::string date(int day) {
  const std::chrono::year_month_day d = *dicom::day_of("20210101") + std::chrono::days{day};
  return fmt::format("{:04}{:02}{:02}", int(d.year()), unsigned(d.month()), unsigned(d.day()));
}

ArrivalPtr study(int n, int studies, std::mt19937& random) {
  auto a = std::make_shared<Arrival>();
  auto& what = a->what;
  const auto patient = random() % static_cast<unsigned>(std::max(1, studies / 3));
  what.instance.study = what.study.study = StudyUid(fmt::format("1.2.826.0.1.{}", n));
  what.instance.series = what.series.series = SeriesUid(fmt::format("1.2.826.0.1.{}.1", n));
  what.instance.instance = what.series.first = SopUid(fmt::format("1.2.826.0.1.{}.1.1", n));
  what.instance.sop_class = SopClassUid("1.2.840.10008.5.1.4.1.1.4");
  what.study.patient_name = Phi(fmt::format("{}^{}", word(patient % 400), word(patient / 400 % 100)));
  what.study.patient_id = Phi(fmt::format("P{:07}", patient));
  what.study.accession = Phi(fmt::format("A{:08}", n));
  what.study.description = "Synthetic";
  what.study.date = date(static_cast<int>(static_cast<std::int64_t>(n) * kDays / studies));
  what.study.time = fmt::format("{:02}{:02}00", random() % 24, random() % 60);
  what.series.modality = what.modality = kModalities[random() % kModalities.size()];
  a->at = Time(std::chrono::seconds(1'600'000'000 + n));
  a->place = {1, static_cast<std::uint64_t>(n) * 1024};
  return a;
}

Result<void> fill(const std::filesystem::path& directory, int studies) {
  std::filesystem::create_directories(directory);
  const auto index = TRY(Index::open(directory / "index.db"));
  std::mt19937 random(1);
  std::vector<ArrivalPtr> batch;
  for (int n = 1; n <= studies; ++n) {
    batch.push_back(study(n, studies, random));
    if (batch.size() < kBatch && n < studies) continue;
    CHECK_OK(index->add(batch));
    batch.clear();
  }
  return {};
}

}  // namespace
}  // namespace larmor::storage

int main(int count, char** words) {
  if (count < 3) return fmt::print(stderr, "usage: index_fill STORAGE_DIRECTORY STUDIES\n"), 2;
  const auto start = std::chrono::steady_clock::now();
  const auto studies = std::atoi(words[2]);
  if (const auto done = larmor::storage::fill(words[1], studies); !done)
    return fmt::print(stderr, "{}\n", to_string(done.error())), 1;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{:.0f} studies/s\n", studies / took.count());
  return 0;
}
