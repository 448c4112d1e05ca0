#pragma once
/// Where the index looks for the answer to a question: which table is walked, from which side, and what is left to be
/// compared row by row. Pure.
///
/// Chosen by the shape of the question alone, so that every page of it comes in the same order.
#include <optional>
#include <string>
#include <vector>

#include "dicom/query/match.h"
#include "dicom/query/query.h"

namespace larmor::storage {

/// A condition on one attribute.
struct Condition {
  const dicom::Attribute* attribute = nullptr;
  dicom::Matcher matcher;
};

enum class Order {
  date,     ///< newest study date first: (day, id) falling
  arrival,  ///< newest study first: id falling
};

struct FindPlan {
  std::string from;   ///< FROM, with every table that the level needs
  std::string where;  ///< placeholders ? for `values`, in order
  std::vector<std::string> values;
  Order order = Order::date;
  std::string day = "t.day", id = "t.id";  ///< the columns of the order
  std::vector<Condition> conditions;       ///< what each row has to fulfil beside `where`
  std::optional<std::string> skip;         ///< where `where` says all: counts rows in an index without reading them
};

/// `invalid` names the attribute that the level does not have, or whose value makes no sense.
Result<FindPlan> plan(const dicom::Query&);

}  // namespace larmor::storage
