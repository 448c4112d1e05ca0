#include "services/storage/adapters/index.h"

#include <set>
#include <thread>

#include "base/log.h"
#include "base/number.h"
#include "dicom/query/match.h"
#include "services/storage/adapters/cursor.h"
#include "services/storage/adapters/index_schema.h"

namespace larmor::storage {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::size_t kMostGroups = 4096;
constexpr int kMostInstances = 1000;  // a page
constexpr std::string_view kFind =
    "SELECT i.pack, i.offset, i.uid, i.sop_class, i.transfer_syntax, s.uid, t.uid, i.number, i.frames, i.size, "
    "i.digest "
    "FROM instance i JOIN series s ON s.id = i.series JOIN study t ON t.id = s.study";

std::int64_t stamp(Time t) {
  return t.time_since_epoch().count();
}

Located located(const Statement& row) {
  Located found;
  found.place = {row.integer(0), static_cast<std::uint64_t>(row.integer(1))};
  found.row = {.instance = SopUid(row.text(2)),
               .sop_class = SopClassUid(row.text(3)),
               .transfer_syntax = TransferSyntaxUid(row.text(4)),
               .series = SeriesUid(row.text(5)),
               .study = StudyUid(row.text(6)),
               .number = row.integer(7),
               .frames = row.integer(8),
               .size = static_cast<std::uint64_t>(row.integer(9)),
               .digest = row.text(10)};
  return found;
}

/// The last instance of the page before.
struct Behind {
  std::int64_t number = std::numeric_limits<std::int64_t>::min();
  std::string instance;
};

Result<Behind> behind(const std::string& cursor) {
  if (cursor.empty()) return Behind{};
  const auto hyphen = cursor.find('-', 1);  // the number may be below zero
  const auto number = to_number<std::int64_t>(cursor.substr(0, hyphen));
  if (hyphen == std::string::npos || !number) return fail_with(not_a_cursor(cursor));
  return Behind{*number, cursor.substr(hyphen + 1)};
}

std::string group_key(const Described& what) {
  return what.instance.study.str() + "\n" + what.instance.series.str();
}

/// An index of another version goes; what is missing is read from the packs afterwards.
Result<void> drop_if_older(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  {
    auto database = TRY(Database::open(file, sqlite::Durability::normal));
    auto version = TRY(database.prepare("PRAGMA user_version"));
    if (TRY(version.step()) && version.integer(0) == kIndexVersion) return {};
  }
  log::note("storage", "the index is of another version and is built anew from the packs; nothing is lost");
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    std::filesystem::remove(file.string() + suffix, error);
    if (error) return fail(Code::unavailable, "cannot remove {}{}: {}", file.string(), suffix, error.message());
  }
  return {};
}

}  // namespace

struct Index::Writer {
  Database database;
  Statement find_study, find_patient, insert_study, insert_text, find_series, insert_series, insert_instance,
      insert_conflict, insert_name, grow_series, grow_study, add_modality, list_modality, add_class, move_pack,
      add_totals;

  static Result<std::unique_ptr<Writer>> prepare(Database database) {
    const auto sql = [&](std::string_view text) { return database.prepare(text); };
    auto find_study = TRY(sql("SELECT id FROM study WHERE uid = ?1"));
    auto find_patient = TRY(sql("SELECT 1 FROM study WHERE patient_id = ?1 LIMIT 1"));
    auto insert_study =
        TRY(sql("INSERT INTO study VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '', 0, 0, 0, ?11, ?11, "
                "replace(?7, '.', ''), '', ?12)"));
    auto insert_text =
        TRY(sql("INSERT INTO study_text (rowid, patient_name, patient_id, accession, description) "
                "VALUES (?1, ?2, ?3, ?4, ?5)"));
    auto insert_name = TRY(sql("INSERT INTO study_name (rowid, name) VALUES (?1, ?2)"));
    auto find_series = TRY(sql("SELECT id FROM series WHERE study = ?1 AND uid = ?2"));
    auto insert_series = TRY(sql("INSERT INTO series VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?11)"));
    auto insert_instance =
        TRY(sql("INSERT OR IGNORE INTO instance VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"));
    auto insert_conflict = TRY(sql("INSERT OR IGNORE INTO conflict VALUES (?1, ?2, ?3, ?4, ?5)"));
    auto grow_series = TRY(sql("UPDATE series SET instances = instances + ?2 WHERE id = ?1"));
    auto grow_study =
        TRY(sql("UPDATE study SET series = series + ?2, instances = instances + ?3, bytes = bytes + ?4, "
                "first_stored = min(first_stored, ?5), last_stored = max(last_stored, ?6) WHERE id = ?1"));
    auto add_modality =
        TRY(sql("UPDATE study SET modalities = CASE WHEN modalities = '' THEN ?2 ELSE modalities || '\\' || ?2 END "
                "WHERE id = ?1 AND instr('\\' || modalities || '\\', '\\' || ?2 || '\\') = 0"));
    auto list_modality = TRY(sql("INSERT OR IGNORE INTO study_modality SELECT ?2, day, id FROM study WHERE id = ?1"));
    auto add_class =
        TRY(sql("UPDATE study SET sop_classes = CASE WHEN sop_classes = '' THEN ?2 ELSE sop_classes || '\\' || ?2 END "
                "WHERE id = ?1 AND instr('\\' || sop_classes || '\\', '\\' || ?2 || '\\') = 0"));
    auto move_pack =
        TRY(sql("INSERT INTO pack VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET indexed_to = excluded.indexed_to"));
    auto add_totals =
        TRY(sql("UPDATE total SET studies = studies + ?1, instances = instances + ?2, bytes = bytes + ?3"));
    return std::make_unique<Writer>(Writer{std::move(database), std::move(find_study), std::move(find_patient),
                                           std::move(insert_study), std::move(insert_text), std::move(find_series),
                                           std::move(insert_series), std::move(insert_instance),
                                           std::move(insert_conflict), std::move(insert_name), std::move(grow_series),
                                           std::move(grow_study), std::move(add_modality), std::move(list_modality),
                                           std::move(add_class), std::move(move_pack), std::move(add_totals)});
  }
};

struct Index::Finder {
  Database database;
  Statement instance, conflict;

  static Result<std::unique_ptr<Finder>> open(const std::filesystem::path& file) {
    auto database = TRY(Database::open(file, sqlite::Durability::normal));
    auto instance = TRY(database.prepare(fmt::format("{} WHERE i.uid = ?1", kFind)));
    auto conflict = TRY(database.prepare("SELECT pack, offset, size FROM conflict WHERE uid = ?1 AND digest = ?2"));
    return std::make_unique<Finder>(Finder{std::move(database), std::move(instance), std::move(conflict)});
  }
};

Result<std::unique_ptr<Index>> Index::open(const std::filesystem::path& file) {
  CHECK_OK(drop_if_older(file));
  auto database = TRY(Database::open(file, sqlite::Durability::normal));
  CHECK_OK(database.execute(kIndexSchema));
  CHECK_OK(database.execute(fmt::format("PRAGMA user_version = {}", kIndexVersion)));
  auto writer = TRY(Writer::prepare(std::move(database)));
  auto finder = TRY(Finder::open(file));
  return std::unique_ptr<Index>(new Index(file, std::move(writer), std::move(finder)));
}

Index::Index(const std::filesystem::path& file, std::unique_ptr<Writer> writer, std::unique_ptr<Finder> finder)
    : writer_(std::move(writer)),
      finder_(std::move(finder)),
      readers_(file, static_cast<int>(std::max(4u, std::thread::hardware_concurrency()))) {}

Index::~Index() = default;

Result<void> Index::add(const std::vector<ArrivalPtr>& batch) {
  if (groups_.size() > kMostGroups) groups_.clear();
  auto outcome = writer_->database.transaction([&]() -> Result<void> {
    Growths studies, series;
    Totals totals;
    std::map<std::int64_t, std::uint64_t> packs;
    for (const auto& arrival : batch) {
      if (arrival->place.pack == 0) continue;
      CHECK_OK(arrival->kept == Kept::conflict ? add_conflict(*arrival) : add_one(*arrival, studies, series, totals));
      packs[arrival->place.pack] = arrival->place.offset + record_size(arrival->what.instance.size);
    }
    for (const auto& [pack, upto] : packs) CHECK_OK(writer_->move_pack.bind(pack, upto).run());
    return grow(studies, series, totals);
  });
  if (!outcome) groups_.clear();  // may name rows that were rolled back
  return outcome;
}

Result<std::vector<Firsts>> Index::firsts(const std::vector<ArrivalPtr>& batch) {
  std::vector<Firsts> firsts(batch.size());
  std::set<std::string> patients, studies, series;  // of this batch
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& what = batch[i]->what;
    if (batch[i]->kept != Kept::stored || groups_.contains(group_key(what))) continue;
    if (!series.insert(group_key(what)).second) continue;
    firsts[i] = TRY(firsts_of(*batch[i]));
    if (firsts[i].study) firsts[i].study = studies.insert(what.instance.study.str()).second;
    if (firsts[i].patient) firsts[i].patient = patients.insert(what.study.patient_id.reveal()).second;
  }
  return firsts;
}

Result<Firsts> Index::firsts_of(const Arrival& arrival) {
  const auto known = [](Statement& find) -> Result<bool> {
    const bool found = TRY(find.step());
    if (found) CHECK_OK(find.run());
    return found;
  };
  const auto& row = arrival.what.instance;
  auto& find_study = writer_->find_study;
  if (TRY(find_study.bind(row.study.str()).step())) {
    const auto study = find_study.integer(0);
    CHECK_OK(find_study.run());
    return Firsts{.series = !TRY(known(writer_->find_series.bind(study, row.series.str())))};
  }
  const bool patient = !TRY(known(writer_->find_patient.bind(arrival.what.study.patient_id.reveal())));
  return Firsts{.patient = patient, .study = true, .series = true};
}

Result<void> Index::add_one(const Arrival& arrival, Growths& studies, Growths& series, Totals& totals) {
  auto& group = *TRY(group_of(arrival, studies, totals));
  const auto& row = arrival.what.instance;
  CHECK_OK(writer_->insert_instance
               .bind(row.instance.str(), group.series, row.sop_class.str(), row.transfer_syntax.str(), row.number,
                     row.frames, row.size, row.digest, arrival.place.pack, arrival.place.offset, arrival.what.rows,
                     arrival.what.columns, arrival.what.bits_allocated)
               .run());
  if (writer_->database.changes() == 0) return {};  // known from another place: the first one is served
  CHECK_OK(add_class(group, row.sop_class.str()));
  auto& growth = studies[group.study];
  ++growth.instances;
  growth.bytes += row.size;
  growth.first = std::min(growth.first, arrival.at);
  growth.last = std::max(growth.last, arrival.at);
  ++series[group.series].instances;
  ++totals.instances;
  totals.bytes += row.size;
  return {};
}

Result<void> Index::add_conflict(const Arrival& arrival) {
  const auto& row = arrival.what.instance;
  return writer_->insert_conflict
      .bind(row.instance.str(), row.digest, row.size, arrival.place.pack, arrival.place.offset)
      .run();
}

Result<void> Index::add_class(Group& group, const std::string& sop_class) {
  if (sop_class.empty() || std::find(group.classes.begin(), group.classes.end(), sop_class) != group.classes.end())
    return {};
  CHECK_OK(writer_->add_class.bind(group.study, sop_class).run());
  group.classes.push_back(sop_class);
  return {};
}

Result<Index::Group*> Index::group_of(const Arrival& arrival, Growths& studies, Totals& totals) {
  const auto& what = arrival.what;
  const auto key = group_key(what);
  if (const auto known = groups_.find(key); known != groups_.end()) return &known->second;
  Group group;
  group.study = TRY(study_id(arrival, totals));
  auto& find = writer_->find_series;
  if (TRY(find.bind(group.study, what.instance.series.str()).step())) {
    group.series = find.integer(0);
    CHECK_OK(find.run());
  } else {
    CHECK_OK(add_series(arrival, group, studies));
  }
  return &groups_.emplace(key, std::move(group)).first->second;
}

Result<void> Index::add_series(const Arrival& arrival, Group& group, Growths& studies) {
  const auto& s = arrival.what.series;
  CHECK_OK(writer_->insert_series
               .bind(group.study, arrival.what.instance.series.str(), s.modality, s.description, s.body_part,
                     s.protocol, s.manufacturer, s.model, s.number, s.first.str(), arrival.what.more_of_series)
               .run());
  group.series = writer_->database.last_insert_id();
  ++studies[group.study].series;
  if (s.modality.empty()) return {};
  CHECK_OK(writer_->add_modality.bind(group.study, s.modality).run());
  return writer_->list_modality.bind(group.study, s.modality).run();
}

Result<std::int64_t> Index::study_id(const Arrival& arrival, Totals& totals) {
  const auto& s = arrival.what.study;
  auto& find = writer_->find_study;
  if (TRY(find.bind(s.study.str()).step())) {
    const auto id = find.integer(0);
    CHECK_OK(find.run());
    return id;
  }
  CHECK_OK(writer_->insert_study
               .bind(s.study.str(), s.patient_name.reveal(), s.patient_id.reveal(), s.birth_date.reveal(), s.sex, s.age,
                     s.date, s.time, s.accession.reveal(), s.description, stamp(arrival.at), arrival.what.more_of_study)
               .run());
  const auto id = writer_->database.last_insert_id();
  CHECK_OK(
      writer_->insert_text.bind(id, s.patient_name.reveal(), s.patient_id.reveal(), s.accession.reveal(), s.description)
          .run());
  CHECK_OK(writer_->insert_name.bind(id, dicom::fold(s.patient_name.reveal())).run());
  ++totals.studies;
  return id;
}

Result<void> Index::grow(const Growths& studies, const Growths& series, const Totals& totals) {
  for (const auto& [id, growth] : series) CHECK_OK(writer_->grow_series.bind(id, growth.instances).run());
  for (const auto& [id, growth] : studies)
    if (growth.instances > 0 || growth.series > 0)
      CHECK_OK(writer_->grow_study
                   .bind(id, growth.series, growth.instances, growth.bytes, stamp(growth.first), stamp(growth.last))
                   .run());
  return writer_->add_totals.bind(totals.studies, totals.instances, totals.bytes).run();
}

Result<std::uint64_t> Index::indexed_to(std::int64_t pack) {
  auto reader = TRY(readers_.lease());
  auto select = TRY(reader->prepare("SELECT indexed_to FROM pack WHERE id = ?1"));
  if (!TRY(select.bind(pack).step())) return 0;
  return static_cast<std::uint64_t>(select.integer(0));
}

Result<std::optional<Located>> Index::find(const SopUid& uid) {
  const std::lock_guard lock(finder_mutex_);
  auto& find = finder_->instance;
  if (!TRY(find.bind(uid.str()).step())) return std::nullopt;
  auto found = located(find);
  CHECK_OK(find.run());
  return found;
}

Result<std::optional<Located>> Index::find_conflict(const SopUid& uid, const std::string& digest) {
  const std::lock_guard lock(finder_mutex_);
  auto& find = finder_->conflict;
  if (!TRY(find.bind(uid.str(), digest).step())) return std::nullopt;
  Located found;
  found.place = {find.integer(0), static_cast<std::uint64_t>(find.integer(1))};
  found.row.instance = uid;
  found.row.digest = digest;
  found.row.size = static_cast<std::uint64_t>(find.integer(2));
  CHECK_OK(find.run());
  return found;
}

Result<InstancePage> Index::instances(const InstanceQuery& query) {
  if (query.limit < 1 || query.limit > kMostInstances)
    return fail_with(
        {Code::invalid, fmt::format("limit {} is outside 1 to {}", query.limit, kMostInstances), "", "limit"});
  const auto from = TRY(behind(query.after));
  auto reader = TRY(readers_.lease());
  auto select = TRY(reader->prepare(fmt::format(
      "{} WHERE t.uid = ?1 AND s.uid = ?2 AND (i.number, i.uid) > (?3, ?4) ORDER BY i.number, i.uid", kFind)));
  select.bind(query.study.str(), query.series.str(), from.number, from.instance);
  InstancePage page;
  while (TRY(select.step())) {
    if (page.instances.size() == static_cast<std::size_t>(query.limit)) {
      const auto& last = page.instances.back();
      page.next = fmt::format("{}-{}", last.number, last.instance);
      break;
    }
    page.instances.push_back(located(select).row);
  }
  if (page.instances.empty() && query.after.empty())
    return fail(Code::not_found, "there is no series {} in study {}", query.series, query.study);
  return page;
}

Result<void> Index::for_each(const std::function<Result<void>(const Located&, Kept)>& visit) {
  auto reader = TRY(readers_.lease());
  auto instances = TRY(reader->prepare(kFind));
  while (TRY(instances.step())) CHECK_OK(visit(located(instances), Kept::stored));
  auto conflicts = TRY(reader->prepare("SELECT pack, offset, uid, '', '', '', '', 0, 1, size, digest FROM conflict"));
  while (TRY(conflicts.step())) CHECK_OK(visit(located(conflicts), Kept::conflict));
  return {};
}

}  // namespace larmor::storage
