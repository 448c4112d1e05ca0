// The queries about studies and series. Lists walk one index from the cursor on and stop at the limit.
#include <unordered_set>

#include "base/number.h"
#include "base/text.h"
#include "services/storage/adapters/cursor.h"
#include "services/storage/adapters/index.h"

namespace larmor::storage {
namespace {

using sqlite::Statement;

constexpr std::string_view kStudy =
    "SELECT uid, patient_name, patient_id, birth_date, sex, age, date, time, accession, description, modalities, "
    "series, instances, bytes, first_stored, last_stored, id FROM study";
constexpr int kStamp = 15, kId = 16;
constexpr int kNewest = 5000;  // studies in which a search looks first
constexpr std::size_t kMostWords = 10;

StudyRow study_of(const Statement& row) {
  StudyRow s;
  s.study = StudyUid(row.text(0));
  s.patient_name = Phi(row.text(1));
  s.patient_id = Phi(row.text(2));
  s.birth_date = Phi(row.text(3));
  s.sex = row.text(4);
  s.age = row.text(5);
  s.date = row.text(6);
  s.time = row.text(7);
  s.accession = Phi(row.text(8));
  s.description = row.text(9);
  s.modalities = row.text(10);
  s.series = row.integer(11);
  s.instances = row.integer(12);
  s.bytes = static_cast<std::uint64_t>(row.integer(13));
  s.first_stored = Time(Duration(row.integer(14)));
  s.last_stored = Time(Duration(row.integer(kStamp)));
  return s;
}

struct Cursor {
  std::int64_t stamp = std::numeric_limits<std::int64_t>::max(), id = std::numeric_limits<std::int64_t>::max();
};

Result<Cursor> cursor_of(const std::string& text) {
  if (text.empty()) return Cursor{};
  const auto parts = split(text, '-');
  if (parts.size() != 2) return fail_with(not_a_cursor(text));
  const auto stamp = to_number<std::int64_t>(parts[0]), id = to_number<std::int64_t>(parts[1]);
  if (!stamp || !id) return fail_with(not_a_cursor(text));
  return Cursor{*stamp, *id};
}

/// FTS5's own language: every word, in quotes, as the beginning of a word of the study.
std::string match_of(const std::string& text) {
  std::string match;
  std::size_t words = 0;
  for (const auto& part : split(text, ' ')) {
    auto word = std::string(trim(part));
    std::erase_if(word, [](char c) { return c == '"' || static_cast<unsigned char>(c) < ' '; });
    const bool says_something = std::any_of(
        word.begin(), word.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || (c & 0x80); });
    if (!says_something || ++words > kMostWords) continue;
    match += fmt::format("{}\"{}\"*", match.empty() ? "" : " ", word);
  }
  return match;
}

/// Reads rows into the page until it is full; one more row shows that there is a next page.
class PageFiller {
 public:
  explicit PageFiller(int limit) : limit_(static_cast<std::size_t>(limit)) {}
  bool take(const Statement& row) {
    if (page_.studies.size() == limit_) {
      page_.next = fmt::format("{}-{}", last_.stamp, last_.id);
      return false;
    }
    page_.studies.push_back(study_of(row));
    last_ = {row.integer(kStamp), row.integer(kId)};
    return true;
  }
  StudyPage page() { return std::move(page_); }

 private:
  std::size_t limit_;
  StudyPage page_;
  Cursor last_;
};

constexpr std::string_view kNewestFirst = "ORDER BY last_stored DESC, id DESC";
/// The first five parameters of every statement: the cursor, then the dates and the modality; empty ones ask nothing.
constexpr std::string_view kBefore = "(last_stored, id) < (?1, ?2)";
constexpr std::string_view kDays = "day >= ?3 AND day <= iif(?4 = '', '~', ?4)";
constexpr std::string_view kModality =
    "(?5 = '' OR EXISTS (SELECT 1 FROM study_modality m WHERE m.modality = ?5 AND m.day = study.day AND m.study = "
    "study.id))";
/// All that match, sorted by time: quick when they are few, whatever their age.
Result<StudyPage> search_all(sqlite::Database& database, const std::string& match, const Cursor& from,
                             const StudyQuery& query) {
  auto select = TRY(database.prepare(
      fmt::format("{} WHERE id IN (SELECT rowid FROM study_text WHERE study_text MATCH ?6) AND {} AND {} AND {} "
                  "ORDER BY +last_stored DESC, +id DESC LIMIT ?7",
                  kStudy, kBefore, kDays, kModality)));
  select.bind(from.stamp, from.id, query.from, query.to, query.modality, match, query.limit + 1);
  PageFiller filler(query.limit);
  while (TRY(select.step()) && filler.take(select)) {
  }
  return filler.page();
}

/// The newest few that have the dates and the modality.
Result<Statement> walk_newest(sqlite::Database& database, const Cursor& from, const StudyQuery& query) {
  auto walk = TRY(
      database.prepare(fmt::format("{0} WHERE id IN (SELECT id FROM study WHERE {1} {2} LIMIT ?6) AND {3} AND {4} {2}",
                                   kStudy, kBefore, kNewestFirst, kDays, kModality)));
  walk.bind(from.stamp, from.id, query.from, query.to, query.modality, kNewest);
  return walk;
}

/// Which of the newest studies match; quick when very many do. Nothing when they do not fill the page.
Result<std::optional<StudyPage>> search_newest(sqlite::Database& database, const std::string& match, const Cursor& from,
                                               const StudyQuery& query) {
  auto newest = TRY(database.prepare(
      fmt::format("SELECT min(id), max(id) FROM (SELECT id FROM study WHERE (last_stored, id) < (?1, ?2) {} LIMIT ?3)",
                  kNewestFirst)));
  if (!TRY(newest.bind(from.stamp, from.id, kNewest).step()) || newest.null(0)) return std::nullopt;
  // One range instead of one question per study: the search has to gather all beginnings of a word anew for each
  // question.
  auto search =
      TRY(database.prepare("SELECT rowid FROM study_text WHERE study_text MATCH ?1 AND rowid BETWEEN ?2 AND ?3"));
  search.bind(match, newest.integer(0), newest.integer(1));
  std::unordered_set<std::int64_t> matching;
  while (TRY(search.step())) matching.insert(search.integer(0));
  if (matching.size() <= static_cast<std::size_t>(query.limit)) return std::nullopt;
  auto walk = TRY(walk_newest(database, from, query));
  PageFiller filler(query.limit);
  while (TRY(walk.step()))
    if (matching.contains(walk.integer(kId)) && !filler.take(walk)) return filler.page();
  return std::nullopt;
}

/// Without words: the newest few are looked at first, since a question about these days is the usual one; then all that
/// have the dates and the modality are found by them, and sorted by time.
Result<StudyPage> narrow(sqlite::Database& database, const Cursor& from, const StudyQuery& query) {
  PageFiller first(query.limit);
  auto walk = TRY(walk_newest(database, from, query));
  while (TRY(walk.step()))
    if (!first.take(walk)) return first.page();
  auto select = TRY(database.prepare(
      fmt::format("{} WHERE id IN (SELECT {} WHERE {}) AND {} ORDER BY +last_stored DESC, +id DESC LIMIT ?6", kStudy,
                  query.modality.empty() ? "id FROM study" : "study FROM study_modality",
                  query.modality.empty() ? std::string(kDays) : fmt::format("modality = ?5 AND {}", kDays), kBefore)));
  select.bind(from.stamp, from.id, query.from, query.to, query.modality, query.limit + 1);
  PageFiller all(query.limit);
  while (TRY(select.step()) && all.take(select)) {
  }
  return all.page();
}

}  // namespace

Result<StudyPage> Index::studies(const StudyQuery& query) {
  if (query.limit < 1 || query.limit > 1000)
    return fail_with({Code::invalid, fmt::format("limit {} is outside 1 to 1000", query.limit), "", "limit"});
  const auto from = TRY(cursor_of(query.after));
  const auto match = match_of(query.text);
  auto reader = TRY(readers_.lease());
  if (!match.empty()) {
    if (auto page = TRY(search_newest(*reader, match, from, query))) return std::move(*page);
    return search_all(*reader, match, from, query);
  }
  if (!query.from.empty() || !query.to.empty() || !query.modality.empty()) return narrow(*reader, from, query);
  auto select =
      TRY(reader->prepare(fmt::format("{} WHERE (last_stored, id) < (?1, ?2) {} LIMIT ?3", kStudy, kNewestFirst)));
  select.bind(from.stamp, from.id, query.limit + 1);
  PageFiller filler(query.limit);
  while (TRY(select.step()) && filler.take(select)) {
  }
  return filler.page();
}

Result<StudyRow> Index::study(const StudyUid& uid) {
  auto reader = TRY(readers_.lease());
  auto select = TRY(reader->prepare(fmt::format("{} WHERE uid = ?1", kStudy)));
  if (!TRY(select.bind(uid.str()).step())) return fail(Code::not_found, "there is no study {}", uid);
  return study_of(select);
}

Result<std::vector<SeriesRow>> Index::series(const StudyUid& study) {
  auto reader = TRY(readers_.lease());
  auto select =
      TRY(reader->prepare("SELECT s.uid, s.modality, s.description, s.body_part, s.protocol, s.manufacturer, s.model, "
                          "s.number, s.instances, s.first "
                          "FROM series s JOIN study t ON t.id = s.study WHERE t.uid = ?1 ORDER BY s.number, s.uid"));
  select.bind(study.str());
  std::vector<SeriesRow> rows;
  while (TRY(select.step()))
    rows.push_back({.series = SeriesUid(select.text(0)),
                    .modality = select.text(1),
                    .description = select.text(2),
                    .body_part = select.text(3),
                    .protocol = select.text(4),
                    .manufacturer = select.text(5),
                    .model = select.text(6),
                    .number = select.integer(7),
                    .instances = select.integer(8),
                    .first = SopUid(select.text(9))});
  if (rows.empty()) return fail(Code::not_found, "there is no study {}", study);
  return rows;
}

Result<Totals> Index::totals() {
  auto reader = TRY(readers_.lease());
  auto select = TRY(reader->prepare("SELECT studies, instances, bytes FROM total"));
  if (!TRY(select.step())) return Totals{};
  return Totals{select.integer(0), select.integer(1), static_cast<std::uint64_t>(select.integer(2))};
}

}  // namespace larmor::storage
