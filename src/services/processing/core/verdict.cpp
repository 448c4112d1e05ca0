#include "services/processing/core/verdict.h"

#include <csignal>
#include <cstring>

namespace larmor::processing {
namespace {

constexpr std::size_t kMostNames = 10'000;

Failed unexplained(Code code, std::string what, std::string hint, int attempt) {
  return {{code, std::move(what), std::move(hint), {}}, attempt < 2};
}

bool cried_for_memory(const Ending& ending) {
  for (const auto* cry : {"bad_alloc", "out of memory", "Cannot allocate memory"})
    if (ending.last_words.find(cry) != std::string::npos) return true;
  return false;
}

Failed out_of_memory(const Limits& limits) {
  return {{Code::too_large,
           fmt::format("the pipeline ran out of memory: it needs more than the {} MiB it may have",
                       limits.memory_bytes >> 20),
           "Raise processing.memory, or give it a smaller study.",
           {}},
          false};
}

Failed after_signal(const Ending& ending, const Limits& limits, int attempt) {
  if (cried_for_memory(ending)) return out_of_memory(limits);
  if (ending.code == SIGKILL)
    return unexplained(
        Code::unavailable,
        fmt::format("the pipeline was killed, most likely because the machine ran out of memory (it held {} MiB)",
                    ending.peak_memory >> 20),
        "See the machine's kernel log; fewer processing.workers need less.", attempt);
  if (ending.code == SIGXCPU)
    return unexplained(Code::timed_out, "the pipeline used up its processor time", "Raise processing.time_s.", attempt);
  if (ending.code == SIGXFSZ)
    return {{Code::too_large,
             fmt::format("the pipeline wrote a file larger than {} MiB", limits.disk_bytes >> 20),
             "Raise processing.scratch.",
             {}},
            false};
  return unexplained(Code::internal,
                     fmt::format("the pipeline crashed with signal {} ({})", ending.code, ::strsignal(ending.code)),
                     "Its last words are kept with the job.", attempt);
}

/// A name in the out folder, not a way out of it.
bool plain(const std::string& name) {
  return !name.empty() && name.size() <= 200 && name.front() != '.' && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

Result<std::vector<std::string>> names(const Json& json, const char* member_name) {
  auto names = TRY(member_or<std::vector<std::string>>(json, member_name, {}));
  if (names.size() > kMostNames) return fail(Code::invalid, "'{}' lists more than {} names", member_name, kMostNames);
  for (const auto& name : names)
    if (!plain(name))
      return fail(Code::invalid, "'{}' in '{}' is not the name of a file in the out folder", name, member_name);
  return names;
}

Result<Findings> findings_of(const Json& json) {
  Findings found;
  found.version = TRY(member_or<std::string>(json, "version", ""));
  found.findings = TRY(member_or<Json>(json, "findings", Json::object()));
  found.stages = TRY(member_or<Json>(json, "stages", Json::object()));
  found.files = TRY(names(json, "files"));
  found.instances = TRY(names(json, "instances"));
  if (!found.findings.is_object()) return fail(Code::invalid, "'findings' is not an object");
  return found;
}

Error error_of(const Json& json) {
  const auto text = [&](const char* name) { return member_or<std::string>(json, name, "").value_or(""); };
  auto code = text("code");
  if (code.empty()) code = text("title");
  auto what = text("what");
  if (what.empty()) what = text("detail");
  return {code_from_name(code), what.empty() ? "the pipeline gave no reason" : what, text("hint"), {}};
}

/// Only what lies outside of the study and the pipeline can be otherwise the next time.
Failed explained(const Json& json) {
  auto error = error_of(json);
  const bool passes = error.code == Code::unavailable || error.code == Code::out_of_space;
  return {std::move(error), passes};
}

Verdict after_exit(const Ending& ending, const std::optional<std::string>& text, const Limits& limits, int attempt) {
  const auto result = text ? Json::parse(*text, nullptr, false) : Json();
  if (result.is_object() && result.contains("error")) return explained(result["error"]);
  if (ending.code == 2)
    return Failed{{Code::unsupported, "the pipeline cannot do this study, and gave no reason", {}, {}}, false};
  if (ending.code != 0) {
    if (cried_for_memory(ending)) return out_of_memory(limits);
    return unexplained(Code::internal, fmt::format("the pipeline failed with exit code {}", ending.code),
                       "Its last words are kept with the job.", attempt);
  }
  if (!result.is_object())
    return unexplained(Code::internal,
                       text ? "the pipeline's result.json is no JSON object" : "the pipeline left no result.json",
                       "This is a defect of the pipeline.", attempt);
  if (result.contains("refused")) {
    const auto& reason = result["refused"];
    return Refused{reason.is_string() ? reason.get<std::string>() : "the pipeline gave no reason"};
  }
  auto found = findings_of(result);
  if (found) return std::move(*found);
  return Failed{{Code::internal,
                 "the pipeline's result.json is wrong: " + found.error().what,
                 "This is a defect of the pipeline.",
                 {}},
                false};
}

}  // namespace

Verdict judge(const Ending& ending, const std::optional<std::string>& result, const Limits& limits, int attempt) {
  switch (ending.how) {
    case Ending::How::exited:
      return after_exit(ending, result, limits, attempt);
    case Ending::How::signalled:
      return after_signal(ending, limits, attempt);
    case Ending::How::timed_out:
      return unexplained(Code::timed_out,
                         fmt::format("the pipeline had not ended after {:.0f} s", seconds(limits.time)),
                         "Raise processing.time_s, or look at its last words for what it waited for.", attempt);
    case Ending::How::too_much_disk:
      return Failed{{Code::too_large,
                     fmt::format("the pipeline wrote more than {} MiB", limits.disk_bytes >> 20),
                     "Raise processing.scratch.",
                     {}},
                    false};
    case Ending::How::stopped:
      break;
  }
  return Failed{{Code::cancelled, "the run was stopped", {}, {}}, true};
}

}  // namespace larmor::processing
