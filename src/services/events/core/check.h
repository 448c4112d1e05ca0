#pragma once
/// What an event must look like before it may enter the log, and which events a query asks for. Pure.
#include <set>
#include <span>
#include <string>
#include <vector>

#include "services/events/events.h"

namespace larmor::events {

constexpr std::size_t kMostPerAppend = 20'000;
constexpr int kMostLooked = 20'000;                           ///< events looked at for a page of a query by fields
constexpr std::size_t kLargestFields = std::size_t{1} << 20;  ///< bytes of JSON

/// `invalid` with a pointer to the event and field at fault, `too_large` beyond kMostPerAppend.
Result<void> check(std::span<const NewEvent>);
Result<void> check(const Query&);

/// "job." covers "job.queued" and "job.done.late"; "job.queued" covers itself alone; no words cover everything.
bool covers(const std::vector<std::string>& words, std::string_view type);
/// Does the query ask for this event, whatever its number?
bool chosen(const Query&, const Event&);
/// Those of the known types that the words cover.
std::vector<std::string> covered(const std::vector<std::string>& words,
                                 const std::set<std::string, std::less<>>& known);

}  // namespace larmor::events
