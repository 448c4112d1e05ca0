#include "dicom/dimse/store.h"

namespace larmor::dimse {
namespace {

/// What one kind of object needs: its own transfer syntax, and the way out if the peer does not take that.
using Kind = std::pair<SopClassUid, TransferSyntaxUid>;

struct Group {
  std::vector<Proposal> proposals;    ///< two per kind: as stored, uncompressed
  std::map<Kind, std::size_t> first;  ///< index of the kind's first proposal
  std::vector<const Outgoing*> objects;
};

/// As many associations as the bound on proposals asks for; nearly always one.
std::vector<Group> in_groups(std::span<const Outgoing> objects) {
  std::vector<Group> groups;
  std::map<Kind, std::size_t> group_of;
  for (const auto& o : objects) {
    const Kind kind{o.sop_class, o.transfer_syntax};
    if (!group_of.contains(kind)) {
      if (groups.empty() || groups.back().proposals.size() + 2 > Requestor::kMostProposals) groups.emplace_back();
      auto& g = groups.back();
      group_of[kind] = groups.size() - 1;
      g.first[kind] = g.proposals.size();
      g.proposals.push_back({o.sop_class.str(), {o.transfer_syntax.str()}});
      std::vector<std::string> uncompressed;
      for (const auto syntax : {kExplicitLittle, kImplicitLittle})
        if (syntax != o.transfer_syntax.str()) uncompressed.emplace_back(syntax);
      g.proposals.push_back({o.sop_class.str(), std::move(uncompressed)});
    }
    groups[group_of[kind]].objects.push_back(&o);
  }
  return groups;
}

Result<Stored> send_one(Requestor& line, const Group& group, const Outgoing& object) {
  const auto at = group.first.at({object.sop_class, object.transfer_syntax});
  const std::array ways = {line.agreed(at), line.agreed(at + 1)};
  return store_one(object, ways, [&](Context context, Command request, ByteSource& data) -> Result<Command> {
    request.message = line.next_message();
    CHECK_OK(line.send(context, request));
    CHECK_OK(line.send_data(context, data));
    auto answer = TRY(line.receive()).command;
    if (answer.field != Field::store_response || answer.message != request.message)
      return fail(Code::unavailable, "the answer does not belong to the question");
    return answer;
  });
}

Result<void> send_group(const Peer& peer, const Group& group, const GoOn& go_on, Delivery& delivery) {
  const auto line = TRY(Requestor::open(peer, group.proposals));
  for (const auto* object : group.objects) {
    if (go_on && !go_on(delivery, *object)) return fail(Code::cancelled, "stopped after {} objects", delivery.done());
    delivery.add(object->instance, TRY(send_one(*line, group, *object)));
  }
  line->release();
  return {};
}

}  // namespace

Result<Delivery> send(const Peer& peer, std::span<const Outgoing> objects, const GoOn& go_on, std::string_view what) {
  Delivery delivery;
  for (const auto& group : in_groups(objects))
    if (auto sent = send_group(peer, group, go_on, delivery); !sent) {
      auto e = std::move(sent).error();
      e.what = fmt::format("cannot send {}{}to {}: {}", what, what.empty() ? "" : " ", words(peer), e.what);
      return fail_with(std::move(e));
    }
  return delivery;
}

}  // namespace larmor::dimse
