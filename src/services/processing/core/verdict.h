#pragma once
/// What a child's end means for its job. Pure.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace larmor::processing {

struct Limits {
  std::uint64_t memory_bytes = std::uint64_t{8} << 30;
  Duration time = 30min;
  std::uint64_t disk_bytes = std::uint64_t{20} << 30;
  int threads = 1;
  int nice = 5;
};

struct Ending {
  enum class How { exited, signalled, timed_out, too_much_disk, stopped };
  How how = How::exited;
  int code = 0;  ///< exit code, or signal
  std::string last_words;
  std::uint64_t peak_memory = 0;  ///< bytes resident
};

/// The child's result.json.
struct Findings {
  std::string version;
  Json findings = Json::object();
  Json stages = Json::object();
  std::vector<std::string> files;      ///< names in its out folder
  std::vector<std::string> instances;  ///< names of .dcm files there
};

struct Refused {
  std::string reason;  ///< the pipeline judged that this study is not for it
};

struct Failed {
  Error error;
  bool retry = true;
};

using Verdict = std::variant<Findings, Refused, Failed>;

/// `result`: the text of result.json, if there is one. What nobody can explain (a crash, a time-out) is tried once
/// more, not oftener; what the pipeline itself calls an error dies at once, unless it says that something was away or
/// full.
Verdict judge(const Ending&, const std::optional<std::string>& result, const Limits&, int attempt);

}  // namespace larmor::processing
