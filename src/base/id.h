#pragma once
/// Identifiers that cannot be mistaken for each other: a SeriesUid never goes where a StudyUid belongs.
#include <fmt/format.h>

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace larmor {

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the 0 that the compiler compares with for a pointer
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

using StudyUid = Id<struct StudyUidTag>;                 ///< (0020,000D)
using SeriesUid = Id<struct SeriesUidTag>;               ///< (0020,000E)
using SopUid = Id<struct SopUidTag>;                     ///< (0008,0018) SOP Instance UID
using SopClassUid = Id<struct SopClassTag>;              ///< (0008,0016)
using TransferSyntaxUid = Id<struct TransferSyntaxTag>;  ///< (0002,0010)
using AeTitle = Id<struct AeTitleTag>;                   ///< PS3.5, AE: 1 to 16 characters
using JobId = Id<struct JobIdTag>;
using WorkerId = Id<struct WorkerIdTag>;

}  // namespace larmor

template <class Tag>
struct std::hash<larmor::Id<Tag>> {
  std::size_t operator()(const larmor::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};

template <class Tag>
struct fmt::formatter<larmor::Id<Tag>> : fmt::formatter<std::string_view> {
  auto format(const larmor::Id<Tag>& id, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format(id.str(), context);
  }
};
