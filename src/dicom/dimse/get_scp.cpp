#include "dicom/dimse/get_scp.h"

#include "dicom/dimse/store.h"

namespace larmor::dimse {
namespace {

/// Contexts in which the caller takes objects: those where it was given the role of the SCP (PS3.7 D.3.3.4).
std::map<SopClassUid, std::vector<Agreed>> ways_of(T_ASC_Association& association) {
  std::map<SopClassUid, std::vector<Agreed>> ways;
  for (int i = 0; i < ASC_countPresentationContexts(association.params); ++i) {
    T_ASC_PresentationContext c;
    if (ASC_getPresentationContext(association.params, i, &c).bad() || c.resultReason != ASC_P_ACCEPTANCE) continue;
    if (c.acceptedRole == ASC_SC_ROLE_SCP || c.acceptedRole == ASC_SC_ROLE_SCUSCP)
      ways[SopClassUid(c.abstractSyntax)].push_back({c.presentationContextID, c.acceptedTransferSyntax});
  }
  return ways;
}

/// One retrieval while it runs.
class Getting {
 public:
  explicit Getting(Inquiry& inquiry) : inquiry_(inquiry), ways_(ways_of(inquiry.line().association)) {}

  /// `cancelled` once the caller has enough.
  Result<Delivery> send(Objects& objects, Retrieval& retrieval) {
    Delivery delivery;
    while (const auto* object = TRY(objects.next())) {
      if (!retrieval.go_on(delivery) || enough_) return fail(Code::cancelled, "the caller has enough");
      const auto stored = store_one(
          *object, ways_[object->sop_class],
          [this](Context context, Command request, ByteSource& data) { return exchange(context, request, data); });
      if (!stored) {
        inquiry_.give_up();  // the association broke
        return Failure(stored.error());
      }
      delivery.add(object->instance, *stored);
    }
    return delivery;
  }

 private:
  Result<Command> exchange(Context context, Command request, ByteSource& data) {
    const auto& line = inquiry_.line();
    request.message = ++message_;
    CHECK_OK(send_command(line.association, line.wire, context, request));
    CHECK_OK(send_data(line.association, line.wire, context, data));
    for (;;) {
      auto received = TRY(receive_command(line.association, line.wire).message);
      if (received.command.field == Field::cancel_request && !enough_) {
        enough_ = true;  // after the answer to this object
        continue;
      }
      if (received.command.field == Field::store_response && received.command.message == message_)
        return std::move(received.command);
      return fail(Code::unavailable, "the answer does not belong to the question");
    }
  }

  Inquiry& inquiry_;
  std::map<SopClassUid, std::vector<Agreed>> ways_;
  std::uint16_t message_ = 0;
  bool enough_ = false;
};

}  // namespace

bool answer_get(Inquiry& inquiry, const Collect& collect) {
  return inquiry.answer_with([&](const Asked& asked) -> Result<LastWord> {
    const auto objects = TRY(collect_for(asked, collect));
    Retrieval retrieval(inquiry, *objects);
    return retrieval.ended(Getting(inquiry).send(*objects, retrieval));
  });
}

}  // namespace larmor::dimse
