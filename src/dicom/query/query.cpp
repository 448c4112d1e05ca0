#include "dicom/query/query.h"

namespace larmor::dicom {
namespace {

constexpr std::array kLevels = {Level::study, Level::series, Level::instance};

}  // namespace

const Key* key_of(const Query& query, Tag tag) {
  for (const auto& key : query.keys)
    if (key.tag == tag && key.sequence == 0 && !key.value.empty()) return &key;
  return nullptr;
}

Json to_json(const Query& q) {
  Json keys = Json::array();
  for (const auto& key : q.keys) keys.push_back({{"tag", key.tag}, {"sequence", key.sequence}, {"value", key.value}});
  return {{"level", name(q.level)}, {"keys", std::move(keys)}, {"include", q.include}, {"all", q.all},
          {"fuzzy", q.fuzzy},       {"combined", q.combined},  {"offset", q.offset},   {"limit", q.limit},
          {"after", q.after},       {"root", q.root}};
}

Result<Query> query_from_json(const Json& j) {
  Query q;
  const auto word = TRY(member<std::string>(j, "level"));
  const auto level = std::find_if(kLevels.begin(), kLevels.end(), [&](Level l) { return name(l) == word; });
  if (level == kLevels.end())
    return fail_with({Code::invalid, fmt::format("'{}' is none of study, series, instance", word), "", "/level"});
  q.level = *level;
  for (const auto& key : TRY(member_or<Json>(j, "keys", Json::array())))
    q.keys.push_back({TRY(member<Tag>(key, "tag")), TRY(member_or<Tag>(key, "sequence", 0)),
                      TRY(member_or<std::string>(key, "value", ""))});
  q.include = TRY(member_or<std::vector<Tag>>(j, "include", {}));
  q.all = TRY(member_or(j, "all", false));
  q.fuzzy = TRY(member_or(j, "fuzzy", false));
  q.combined = TRY(member_or(j, "combined", false));
  q.offset = TRY(member_or<std::int64_t>(j, "offset", 0));
  q.limit = TRY(member_or(j, "limit", q.limit));
  q.after = TRY(member_or<std::string>(j, "after", ""));
  q.root = TRY(member_or<std::string>(j, "root", ""));
  return q;
}

}  // namespace larmor::dicom
