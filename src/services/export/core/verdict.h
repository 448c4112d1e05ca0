#pragma once
/// What a delivery's outcome means for its job: done, worth another try, or for a person. Pure.
#include <optional>

#include "dicom/dimse/delivery.h"

namespace larmor::exporting {

/// Of a delivery that went through: the error that the job ends with, if any. One object that may be taken later makes
/// the whole job worth another try; what is there already is not sent twice.
std::optional<Error> verdict(const dimse::Delivery&, std::size_t wanted, const std::string& destination);

/// Of one that did not: as long as nobody there takes us in, trying again is right, also where a person must help
/// first.
Error worth_another_try(Error);

}  // namespace larmor::exporting
