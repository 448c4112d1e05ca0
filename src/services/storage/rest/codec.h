#pragma once
/// Storage's values as JSON, the same on both ends of the wire. Field names are those of storage.h. Patient data leaves
/// here towards whoever may read studies: the only place of storage that reveals it.
#include "services/storage/storage.h"

namespace larmor::storage {

std::string_view name(Kept);
Result<Kept> kept_from_name(std::string_view);

Json to_json(const InstanceRow&);
Json to_json(const SeriesRow&);
Json to_json(const StudyRow&);
Json to_json(const StudyPage&);
Json to_json(const Receipt&);
Json to_json(const Health&);
Json to_json(const InstancePage&);
std::string to_text(const dicom::FoundPage&);  ///< of JSON

Result<InstanceRow> instance_from_json(const Json&);
Result<SeriesRow> series_from_json(const Json&);
Result<StudyRow> study_from_json(const Json&);
Result<StudyPage> study_page_from_json(const Json&);
Result<Receipt> receipt_from_json(const Json&);
Result<Health> health_from_json(const Json&);
Result<InstancePage> instance_page_from_json(const Json&);
Result<dicom::FoundPage> found_page_from_json(const Json&);

}  // namespace larmor::storage
