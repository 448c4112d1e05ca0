// Questions by the information model: walks what the plan says, compares what is left, writes attribute sets.
#include "base/number.h"
#include "base/text.h"
#include "dicom/query/model.h"
#include "net/http.h"
#include "services/storage/adapters/cursor.h"
#include "services/storage/adapters/find_plan.h"
#include "services/storage/adapters/index.h"

namespace larmor::storage {
namespace {

using dicom::Level;
using dicom::Tag;
using sqlite::Statement;

constexpr int kLookAtTheClock = 1024;    // rows between two looks
constexpr std::size_t kUsualSet = 1500;  // bytes

/// Where each attribute stands; what has no row here stands in `more` of its level.
struct Column {
  Tag tag;
  std::string_view sql;
};
constexpr std::array kColumns = {
    Column{0x00080005, "'ISO_IR 192'"},
    Column{0x00080056, "'ONLINE'"},
    Column{0x00080020, "t.date"},
    Column{0x00080030, "t.time"},
    Column{0x00080050, "t.accession"},
    Column{0x00080061, "t.modalities"},
    Column{0x00080062, "t.sop_classes"},
    Column{0x00081030, "t.description"},
    Column{0x00100010, "t.patient_name"},
    Column{0x00100020, "t.patient_id"},
    Column{0x00100030, "t.birth_date"},
    Column{0x00100040, "t.sex"},
    Column{0x00101010, "t.age"},
    Column{0x0020000D, "t.uid"},
    Column{0x00201206, "t.series"},
    Column{0x00201208, "t.instances"},
    Column{0x00080060, "s.modality"},
    Column{0x00080070, "s.manufacturer"},
    Column{0x0008103E, "s.description"},
    Column{0x00081090, "s.model"},
    Column{0x00180015, "s.body_part"},
    Column{0x00181030, "s.protocol"},
    Column{0x0020000E, "s.uid"},
    Column{0x00200011, "s.number"},
    Column{0x00201209, "s.instances"},
    Column{0x00080016, "i.sop_class"},
    Column{0x00080018, "i.uid"},
    Column{0x00083002, "i.transfer_syntax"},
    Column{0x00200013, "i.number"},
    Column{0x00280008, "CASE WHEN i.rows > 0 THEN i.frames ELSE '' END"},
    Column{0x00280010, "CASE WHEN i.rows > 0 THEN i.rows ELSE '' END"},
    Column{0x00280011, "CASE WHEN i.rows > 0 THEN i.columns ELSE '' END"},
    Column{0x00280100, "CASE WHEN i.rows > 0 THEN i.bits ELSE '' END"},
};
constexpr int kDay = 0, kId = 1, kMoreOfStudy = 2, kMoreOfSeries = 3, kFirst = 4;
constexpr Tag kRetrieveUrl = 0x00081190;

/// The way to an object, below the address of the service.
struct Step {
  Level level;
  std::string_view word;
  const dicom::Attribute* uid;
};
const std::array kSteps = {Step{Level::study, "/studies/", dicom::find_attribute(0x0020000D)},
                           Step{Level::series, "/series/", dicom::find_attribute(0x0020000E)},
                           Step{Level::instance, "/instances/", dicom::find_attribute(0x00080018)}};

std::string_view column_of(Tag tag) {
  for (const auto& column : kColumns)
    if (column.tag == tag) return column.sql;
  return {};
}

/// A date range and its time range as one (PS3.4 C.2.2.2.5.3).
struct Combined {
  Tag date, time;
};
constexpr std::array kCombined = {Combined{0x00080020, 0x00080030}, Combined{0x00400244, 0x00400245}};

struct Cursor {
  std::string day = "99999999";
  std::int64_t id = std::numeric_limits<std::int64_t>::max();
  std::int64_t given = 0;  ///< answers of that study on earlier pages
};

Result<Cursor> cursor_of(const std::string& text) {
  if (text.empty()) return Cursor{};
  const auto parts = split(text, '-');
  if (parts.size() != 3) return fail_with(not_a_cursor(text));
  const auto id = to_number<std::int64_t>(parts[1]), given = to_number<std::int64_t>(parts[2]);
  if (!id || !given || *id < 0 || *given < 0) return fail_with(not_a_cursor(text));
  return Cursor{parts[0], *id, *given};
}

/// One row of the answer, read as far as it is needed.
class Row {
 public:
  Row(const Statement& row, const std::vector<Tag>& columns) : row_(row), columns_(columns) {}

  std::string text(const dicom::Attribute& a) {
    if (const auto at = std::find(columns_.begin(), columns_.end(), a.tag); at != columns_.end())
      return row_.text(kFirst + static_cast<int>(at - columns_.begin()));
    const auto* found = element(a);
    return found ? dicom::text_of(*found) : std::string();
  }
  /// Of an attribute without a column; nullptr when the object did not have it.
  const Json* element(const dicom::Attribute& a) {
    const auto& more = more_of(a.level);
    const auto found = more.find(dicom::hex(a.tag));
    return found == more.end() ? nullptr : &*found;
  }
  bool fulfils(const Condition& c) {
    if (c.attribute->inside == 0) return c.matcher.matches(text(*c.attribute));
    const auto* sequence = element(*dicom::find_attribute(c.attribute->inside));
    if (!sequence) return false;
    const auto tag = dicom::hex(c.attribute->tag);
    return std::any_of(sequence->at("Value").begin(), sequence->at("Value").end(), [&](const Json& item) {
      const auto found = item.find(tag);
      return found != item.end() && c.matcher.matches(dicom::text_of(*found));
    });
  }

 private:
  const Json& more_of(Level level) {
    auto& more = level == Level::study ? of_study_ : of_series_;
    if (!more) {
      const auto text = row_.text(level == Level::study ? kMoreOfStudy : kMoreOfSeries);
      more = text.empty() ? Json::object() : Json::parse(text, nullptr, false);
    }
    return *more;
  }
  const Statement& row_;
  const std::vector<Tag>& columns_;
  std::optional<Json> of_study_, of_series_;
};

/// Walks a plan and fills a page.
class Walk {
 public:
  Walk(const dicom::Query& query, FindPlan plan) : query_(query), plan_(std::move(plan)) {
    for (const auto& a : dicom::attributes())
      if (returned(a)) returned_.push_back(&a);
    std::sort(returned_.begin(), returned_.end(), [](const auto* a, const auto* b) { return a->tag < b->tag; });
    const auto need = [this](const dicom::Attribute& a) {
      if (!column_of(a.tag).empty() && std::find(columns_.begin(), columns_.end(), a.tag) == columns_.end())
        columns_.push_back(a.tag);
    };
    for (const auto* a : returned_) need(*a);
    for (const auto& c : plan_.conditions) need(*c.attribute);
    combine();
  }

  Result<dicom::FoundPage> run(sqlite::Database& database, const Call& call) {
    auto from = TRY(cursor_of(query_.after));
    auto skip = query_.offset;
    if (skip > 0 && plan_.skip) {
      if (!TRY(jump(database, from, skip))) return dicom::FoundPage{};
      skip = 0;
    }
    auto select = TRY(database.prepare(sql()));
    bind(select, from);
    dicom::FoundPage page;
    Cursor last;
    int looked = 0;
    auto passed = from.given;
    while (TRY(select.step())) {
      if (++looked % kLookAtTheClock == 0 && call.left() <= Duration::zero())
        return fail_with({Code::timed_out, "too many objects had to be looked at for this question",
                          "Ask for a date, a patient, or more letters of the name.", ""});
      Row row(select, columns_);
      if (!fulfils(row)) continue;
      if (passed > 0 && select.integer(kId) == from.id) {
        --passed;
        continue;
      }
      if (skip > 0) {
        --skip;
        count(select, from, last);
        continue;
      }
      if (page.items.size() == static_cast<std::size_t>(query_.limit)) {
        page.next = fmt::format("{}-{}-{}", last.day, last.id, last.given);
        return page;
      }
      page.items.push_back(item(row));
      count(select, from, last);
    }
    return page;
  }

 private:
  bool returned(const dicom::Attribute& a) const {
    if (a.inside != 0 || a.level > query_.level) return false;
    if (a.tag == kRetrieveUrl) return !query_.root.empty();
    if (query_.all) return true;
    // Unasked are those of the level itself; of the levels above only what tells where it belongs, unless the question
    // does not name the study (PS3.18 10.6.3.3).
    const bool above = a.level < query_.level;
    const bool asked = std::any_of(query_.keys.begin(), query_.keys.end(),
                                   [&](const dicom::Key& k) { return k.tag == a.tag || k.sequence == a.tag; });
    const bool tells_where = a.vr == "UI" && a.unasked;
    const bool alone = !dicom::key_of(query_, 0x0020000D);
    return asked || std::find(query_.include.begin(), query_.include.end(), a.tag) != query_.include.end() ||
           (a.unasked && (!above || tells_where || alone));
  }

  /// Where both are one range each, the time counts on the first and the last day only.
  void combine() {
    if (!query_.combined) return;
    for (const auto& pair : kCombined) {
      const auto find = [&](Tag tag) {
        return std::find_if(plan_.conditions.begin(), plan_.conditions.end(),
                            [&](const Condition& c) { return c.attribute->tag == tag; });
      };
      const auto date = find(pair.date), time = find(pair.time);
      if (date == plan_.conditions.end() || time == plan_.conditions.end()) continue;
      const auto &days = date->matcher.ranges(), &times = time->matcher.ranges();
      if (days.size() != 1 || times.size() != 1 || days.front().one || times.front().one) continue;
      spans_.push_back({date->attribute, time->attribute, days.front(), times.front()});
      plan_.conditions.erase(time);
    }
  }

  struct Span {
    const dicom::Attribute *date, *time;
    dicom::Range days, times;
    bool holds(Row& row) const {
      const auto at = dicom::whole_time(row.text(*time), '0');
      const auto day = row.text(*date);
      if (!days.from.empty() && day + at < days.from + times.from) return false;
      return days.to.empty() || times.to.empty() || day + at <= days.to + times.to;
    }
  };

  bool fulfils(Row& row) const {
    return std::all_of(plan_.conditions.begin(), plan_.conditions.end(),
                       [&](const Condition& c) { return row.fulfils(c); }) &&
           std::all_of(spans_.begin(), spans_.end(), [&](const Span& s) { return s.holds(row); });
  }

  std::string where(std::string_view further) const {
    return plan_.where.empty() ? std::string(further) : fmt::format("{} AND {}", plan_.where, further);
  }
  std::string before() const {
    return plan_.order == Order::arrival ? fmt::format("{} <= ?", plan_.id)
                                         : fmt::format("({}, {}) <= (?, ?)", plan_.day, plan_.id);
  }
  std::string order() const {
    auto text = plan_.order == Order::arrival ? fmt::format("{} DESC", plan_.id)
                                              : fmt::format("{} DESC, {} DESC", plan_.day, plan_.id);
    if (query_.level >= Level::series) text += ", s.number, s.id";
    if (query_.level >= Level::instance) text += ", i.number, i.uid";
    return text;
  }

  std::string sql() const {
    std::string list = fmt::format("t.day, t.id, t.more, {}", query_.level >= Level::series ? "s.more" : "''");
    for (const auto tag : columns_) list += fmt::format(", {}", column_of(tag));
    return fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {}", list, plan_.from, where(before()), order());
  }

  void bind(Statement& select, const Cursor& from) const {
    select.bind();
    int at = 0;
    for (const auto& value : plan_.values) select.bind_at(++at, value);
    if (plan_.order == Order::date) select.bind_at(++at, from.day);
    select.bind_at(++at, from.id);
  }

  /// Puts the cursor on the row `skip` further without reading rows; false when there are not so many.
  Result<bool> jump(sqlite::Database& database, Cursor& from, std::int64_t skip) const {
    auto select = TRY(database.prepare(fmt::format("SELECT {}, {} FROM {} WHERE {} ORDER BY {} LIMIT 1 OFFSET ?",
                                                   plan_.day, plan_.id, *plan_.skip, where(before()), order())));
    bind(select, from);
    select.bind_at(static_cast<int>(plan_.values.size()) + 3, skip + from.given);
    if (!TRY(select.step())) return false;
    from = {select.text(0), select.integer(1), 0};
    return true;
  }

  static void count(const Statement& row, const Cursor& from, Cursor& last) {
    const auto id = row.integer(kId);
    const auto before = id == last.id ? last.given : id == from.id ? from.given : 0;
    last = {row.text(kDay), id, before + 1};
  }

  std::string address(Row& row) const {
    auto text = query_.root;
    for (const auto& step : kSteps)
      if (step.level <= query_.level) text.append(step.word).append(net::encode(row.text(*step.uid)));
    return text;
  }

  std::string item(Row& row) const {
    std::string set = "{";
    set.reserve(kUsualSet);
    for (const auto* a : returned_) {
      const bool column = !column_of(a->tag).empty();
      const auto* found = column || a->tag == kRetrieveUrl ? nullptr : row.element(*a);
      if (!column && !found && !a->unasked) continue;
      dicom::append_key(set, a->tag);
      if (found)
        set += found->dump(-1, ' ', false, Json::error_handler_t::replace);
      else
        dicom::append_element(set, a->vr, column ? row.text(*a) : a->tag == kRetrieveUrl ? address(row) : "");
    }
    return set += '}';
  }

  const dicom::Query& query_;
  FindPlan plan_;
  std::vector<const dicom::Attribute*> returned_;
  std::vector<Tag> columns_;
  std::vector<Span> spans_;
};

}  // namespace

Result<dicom::FoundPage> Index::find(const dicom::Query& query, const Call& call) {
  if (query.limit < 1 || query.limit > dicom::kMostFound)
    return fail_with(
        {Code::invalid, fmt::format("limit {} is outside 1 to {}", query.limit, dicom::kMostFound), "", "limit"});
  if (query.offset < 0)
    return fail_with({Code::invalid, fmt::format("offset {} is below 0", query.offset), "", "offset"});
  auto made = TRY(plan(query));
  auto reader = TRY(readers_.lease());
  return Walk(query, std::move(made)).run(*reader, call);
}

}  // namespace larmor::storage
