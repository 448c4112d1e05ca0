#include "dicom/dimse/move_scp.h"

namespace larmor::dimse {
namespace {

constexpr std::uint16_t kUnknownDestination = 0xA801;  // PS3.4 table C.4-2

}  // namespace

bool answer_move(Inquiry& inquiry, const Locate& locate, const Collect& collect) {
  return inquiry.answer_with([&](const Asked& asked) -> Result<LastWord> {
    const auto destination = locate(inquiry.request().destination);
    if (!destination && destination.error().code == Code::not_found) {
      LastWord unknown{inquiry.answer(0), {}};
      unknown.command.refuse(kUnknownDestination, destination.error().what);
      return unknown;
    }
    if (!destination) return Failure(destination.error());
    const auto objects = TRY(collect_for(asked, collect));
    Retrieval retrieval(inquiry, *objects);
    return retrieval.ended(
        send(*destination, *objects, [&](const Delivery& so_far, const Outgoing&) { return retrieval.go_on(so_far); }));
  });
}

}  // namespace larmor::dimse
