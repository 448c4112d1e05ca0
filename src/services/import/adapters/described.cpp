#include "services/import/adapters/described.h"

#include "dicom/data/uid.h"
#include "dicom/web/caller.h"
#include "dicom/web/compressions.h"
#include "dicom/web/multipart.h"
#include "dicom/web/xml_model.h"

namespace larmor::importing {
namespace {

constexpr std::size_t kLongestMetadata = std::size_t{64} << 20;  // of one part, with any number of objects
constexpr std::size_t kLongestXml = std::size_t{16} << 20;       // of one object
constexpr std::size_t kMostObjects = 100'000;                    // of a body
constexpr std::string_view kExplicit = "1.2.840.10008.1.2.1", kImplicit = "1.2.840.10008.1.2",
                           kBigEndian = "1.2.840.10008.1.2.2";

std::string header_of(const net::Headers& headers, std::string_view name) {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

StoreReport::Item item_of(std::int64_t part, const Json& model) {
  return {part,
          SopClassUid(dicom::first_text(model, "00080016")),
          SopUid(dicom::first_text(model, "00080018")),
          SeriesUid(dicom::first_text(model, "0020000E")),
          StudyUid(dicom::first_text(model, "0020000D")),
          {}};
}

Result<void> check_names(const StoreReport::Item& item) {
  struct Row {
    const std::string& uid;
    const char* name;
  };
  for (const auto& row : {Row{item.sop_class.str(), "SOP Class UID (0008,0016)"},
                          Row{item.instance.str(), "SOP Instance UID (0008,0018)"},
                          Row{item.study.str(), "Study Instance UID (0020,000D)"},
                          Row{item.series.str(), "Series Instance UID (0020,000E)"}})
    if (!dicom::is_uid(row.uid)) return fail(Code::corrupt, "an object has no usable {}", row.name);
  return {};
}

Result<Described::Form> form_of(const std::string& content_type) {
  const auto type = dicom::media_type(content_type.empty() ? dicom::kBytes : std::string_view(content_type));
  const auto named = type.parameter("transfer-syntax");
  const auto usual = dicom::usual_syntax(type.name);
  if (type.name != dicom::kBytes && usual.empty())
    return fail(Code::corrupt, "a part of '{}' is neither metadata nor bulk data in a form that is known here",
                type.name);
  if (!usual.empty() && !named.empty() && dicom::media_type_of(named) != type.name)
    return fail(Code::corrupt, "'{}' does not hold pixels of the transfer syntax {}", type.name, named);
  if (named == kBigEndian) return fail(Code::corrupt, "bulk data is little endian, and not of {}", named);
  if (named == kExplicit || named == kImplicit) return Described::Form{};
  return Described::Form{named.empty() ? std::string(usual) : named, named.empty() && type.name == "image/jpeg"};
}

}  // namespace

Result<void> Described::take(std::int64_t part, const net::Headers& headers, ByteSource& content) {
  const auto type = dicom::media_type(header_of(headers, "content-type")).name;
  if (type == dicom::kJson) return take_metadata(part, content);
  if (type != dicom::kXml) return take_bulk(headers, content);
  take_object(part, TRY(dicom::json_of_xml(TRY(read_all(content, kLongestXml)))));
  return {};
}

/// Objects are taken one after another, so that their model is never in memory as a whole.
Result<void> Described::take_metadata(std::int64_t part, ByteSource& content) {
  const auto text = TRY(read_all(content, kLongestMetadata));
  const auto before = report_.items.size();
  bool full = false;
  const auto one_by_one = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth != 1 || event != Json::parse_event_t::object_end) return true;
    full = report_.items.size() >= kMostObjects;
    if (!full) take_object(part, parsed);
    return false;
  };
  try {
    const auto rest = Json::parse(text, one_by_one);
    if (full)
      return fail_with(
          {Code::too_large, fmt::format("a body has more than {} objects", kMostObjects), "Send several."});
    if (rest.is_array() && rest.empty() && report_.items.size() > before) return {};
    return fail(Code::corrupt, "the metadata is no array of objects");
  } catch (const Json::exception& e) {
    return fail(Code::corrupt, "the metadata is no JSON: {}", e.what());
  }
}

void Described::take_object(std::int64_t part, const Json& model) {
  const auto item = report_.items.size();
  report_.items.push_back(item_of(part, model));
  const auto taken = [&]() -> Result<void> {
    CHECK_OK(check_names(report_.items[item]));
    return wait_for(item, TRY(dicom::data_set_of(model)));
  }();
  if (!taken) report_.items[item].refused = taken.error();
}

Result<void> Described::wait_for(std::size_t item, dicom::DataSet set) {
  const auto object = waiting_.size();
  const auto values = set.apart.size();
  auto& waiting = waiting_.emplace_back(Waiting{item, std::move(set), std::vector<Come>(values), values});
  for (std::size_t i = 0; i < values; ++i)
    if (const auto& one = waiting.set.apart[i]; !by_uri_.emplace(one.uri, Named{object, i}).second)
      return fail_with({Code::invalid, fmt::format("{}: another value is at '{}' already", one.place, one.uri),
                        "Give each value a BulkDataURI of its own.", one.place});
  if (values == 0) finish(waiting);
  return {};
}

Result<void> Described::take_bulk(const net::Headers& headers, ByteSource& content) {
  const auto uri = header_of(headers, "content-location");
  const auto named = by_uri_.find(uri);
  if (named == by_uri_.end())
    return fail(Code::corrupt, "no attribute of the metadata before refers to '{}', its Content-Location", uri);
  auto& object = waiting_[named->second.object];
  if (report_.items[object.item].refused) return {};  // it was answered for
  if (object.missing == 0) return fail(Code::conflict, "the bulk data at '{}' came twice", uri);
  const auto put = [&]() -> Result<void> {
    return put_value(object, named->second.value, TRY(form_of(header_of(headers, "content-type"))), content);
  }();
  if (!put)
    refuse(object, put.error());
  else if (object.missing == 0)
    finish(object);
  return {};
}

/// Compressed pixels come frame by frame.
std::uint64_t Described::parts_of(const Waiting& object, const Come& come) {
  return come.syntax.empty() ? 1 : object.set.frames;
}

Result<void> Described::put_value(Waiting& object, std::size_t value, Form form, ByteSource& content) {
  const auto& one = object.set.apart[value];
  auto& come = object.come[value];
  if (!form.syntax.empty() && !one.pixels)
    return fail(Code::invalid, "{}: it is no pixel data, and comes compressed by {}", one.place, form.syntax);
  if (!come.slices.empty() && come.slices.size() == parts_of(object, come))
    return fail(Code::conflict, "{}: its bulk data at '{}' came twice", one.place, one.uri);
  if (!std::exchange(object.started, true)) ++in_spool_;
  const auto slice = TRY(spool_.keep(content));
  if (form.guessed) form.syntax = TRY(dicom::syntax_of_jpeg(TRY(spool_.front(slice))));
  if (!come.slices.empty() && come.syntax != form.syntax)
    return fail(Code::invalid, "{}: its frames come in transfer syntaxes {} and {}", one.place, come.syntax,
                form.syntax);
  come.syntax = form.syntax;
  come.slices.push_back(slice);
  if (come.slices.size() == parts_of(object, come)) --object.missing;
  return {};
}

void Described::finish(Waiting& object) {
  auto& item = report_.items[object.item];
  const auto kept = [&]() -> Result<void> {
    auto file = TRY(Assembly::make(item, object.set, object.come, spool_));
    return keep_(item, file);
  }();
  if (!kept) item.refused = kept.error();
  forget(object);
}

void Described::refuse(Waiting& object, Error why) {
  report_.items[object.item].refused = std::move(why);
  forget(object);
}

void Described::forget(Waiting& object) {
  object.set = {};
  object.come.clear();
  if (std::exchange(object.started, false) && --in_spool_ == 0) spool_.clear();
}

void Described::end() {
  for (auto& object : waiting_) {
    if (object.missing == 0 || report_.items[object.item].refused) continue;
    for (std::size_t i = 0; i < object.come.size(); ++i) {
      const auto& one = object.set.apart[i];
      const auto came = object.come[i].slices.size();
      const auto wanted = parts_of(object, object.come[i]);
      if (came == wanted) continue;
      refuse(object, {Code::corrupt,
                      fmt::format("{}: {} of {} parts of bulk data at '{}' came", one.place, came, wanted, one.uri),
                      "Send each value that the metadata refers to as a part with its BulkDataURI as Content-Location.",
                      one.place});
      break;
    }
  }
}

}  // namespace larmor::importing
