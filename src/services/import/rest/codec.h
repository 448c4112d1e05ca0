#pragma once
/// Import's values as JSON, for both ends of the wire. Fields are named as in import.h; `invalid` points at the wrong
/// one.
#include "services/import/import.h"

namespace larmor::importing {

Json to_json(const AssociationView&);
Json to_json(const ArrivalView&);
Json to_json(const UploadReport&);
Json to_json(const StoreReport&);

Result<AssociationView> association_from_json(const Json&);
Result<ArrivalView> arrival_from_json(const Json&);
Result<UploadReport> upload_report_from_json(const Json&);
Result<StoreReport> store_report_from_json(const Json&);

}  // namespace larmor::importing
