#include "dicom/dimse/store.h"

namespace larmor::dimse {
namespace {

struct Group {
  std::vector<Proposal> proposals;    ///< two per kind: as stored, and uncompressed as the way out
  std::map<Kind, std::size_t> first;  ///< index of the kind's first proposal
};

/// As many associations as the bound on proposals asks for; nearly always one.
std::vector<Group> in_groups(const std::set<Kind>& kinds) {
  std::vector<Group> groups;
  for (const auto& kind : kinds) {
    if (groups.empty() || groups.back().proposals.size() + 2 > Requestor::kMostProposals) groups.emplace_back();
    auto& g = groups.back();
    const auto& [sop_class, syntax] = kind;
    g.first[kind] = g.proposals.size();
    g.proposals.push_back({sop_class.str(), {syntax.str()}});
    std::vector<std::string> uncompressed;
    for (const auto plain : {kExplicitLittle, kImplicitLittle})
      if (plain != syntax.str()) uncompressed.emplace_back(plain);
    g.proposals.push_back({sop_class.str(), std::move(uncompressed)});
  }
  return groups;
}

Result<Stored> send_one(Requestor& line, const Group& group, const Outgoing& object) {
  const auto at = group.first.at(object.kind());
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

Result<void> send_group(const Peer& peer, const Group& group, Objects& objects, const GoOn& go_on, Delivery& delivery) {
  const auto line = TRY(Requestor::open(peer, group.proposals));
  objects.begin_anew();
  while (const auto* object = TRY(objects.next())) {
    if (!group.first.contains(object->kind())) continue;
    if (go_on && !go_on(delivery, *object)) return fail(Code::cancelled, "stopped after {} objects", delivery.done());
    delivery.add(object->instance, TRY(send_one(*line, group, *object)));
  }
  line->release();
  return {};
}

}  // namespace

Result<Delivery> send(const Peer& peer, Objects& objects, const GoOn& go_on, std::string_view what) {
  Delivery delivery;
  for (const auto& group : in_groups(objects.kinds()))
    if (auto sent = send_group(peer, group, objects, go_on, delivery); !sent) {
      auto e = std::move(sent).error();
      e.what = fmt::format("cannot send {}{}to {}: {}", what, what.empty() ? "" : " ", words(peer), e.what);
      return fail_with(std::move(e));
    }
  return delivery;
}

}  // namespace larmor::dimse
