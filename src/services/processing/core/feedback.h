#pragma once
/// What a person says of a result: whether it can be kept, and the event that keeps it. Pure.
#include "services/events/events.h"
#include "services/processing/processing.h"

namespace larmor::processing {

/// `invalid`, with the field.
Result<void> check(const Feedback&);

/// feedback.given, with what the reader of a model's card needs: which model, of which version, made the result.
events::NewEvent event_of(const ResultView&, const Feedback&, const std::string& idempotency_key);

}  // namespace larmor::processing
