#pragma once
/// Export's values as JSON, for both ends of the wire. Fields are named as in export.h; `invalid` points at the wrong
/// one.
#include "services/export/export.h"

namespace larmor::exporting {

/// What is asked for by POST .../deliveries.
struct NewDelivery {
  StudyUid study;
  std::vector<SopUid> instances;
};

Json to_json(const DestinationView&);
Json to_json(const EchoReport&);
Json to_json(const NewDelivery&);

Result<DestinationView> destination_from_json(const Json&);
Result<EchoReport> echo_report_from_json(const Json&);
Result<NewDelivery> new_delivery_from_json(const Json&);

}  // namespace larmor::exporting
