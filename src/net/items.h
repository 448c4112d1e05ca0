#pragma once
/// Lists as the services send them: {"items": [...], ...}.
#include <vector>

#include "base/json.h"

namespace larmor::net {

/// Every item as `from_json` reads it, or the first error.
template <class Item>
Result<std::vector<Item>> items_of(const Json& list, Result<Item> (*from_json)(const Json&)) {
  std::vector<Item> items;
  for (const auto& item : TRY(member<Json>(list, "items"))) items.push_back(TRY(from_json(item)));
  return items;
}

}  // namespace larmor::net
