#include "services/dispatch/adapters/rows.h"

namespace larmor::dispatch {

// `key` is unique for ever: the same event seen again years later still makes no second job.
const char* const kSchema = R"(
CREATE TABLE IF NOT EXISTS jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, key TEXT UNIQUE, queue TEXT NOT NULL, study TEXT NOT NULL,
  priority INTEGER NOT NULL, arguments TEXT NOT NULL, kept INTEGER NOT NULL, queued INTEGER NOT NULL, due INTEGER NOT NULL,
  rank INTEGER NOT NULL, started INTEGER NOT NULL DEFAULT 0, attempt INTEGER NOT NULL DEFAULT 0, token TEXT NOT NULL DEFAULT '',
  expires INTEGER NOT NULL DEFAULT 0, worker TEXT NOT NULL DEFAULT '', fraction REAL NOT NULL DEFAULT 0,
  step TEXT NOT NULL DEFAULT '', result TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS jobs_ready ON jobs (queue, rank, seq) WHERE kept = 0;
CREATE INDEX IF NOT EXISTS jobs_running ON jobs (expires) WHERE kept = 1;
CREATE INDEX IF NOT EXISTS jobs_delayed ON jobs (due) WHERE kept = 5;
CREATE INDEX IF NOT EXISTS jobs_open ON jobs (queue, kept, queued) WHERE kept IN (0, 1, 3, 5);
CREATE INDEX IF NOT EXISTS jobs_of_study ON jobs (study, seq);
CREATE INDEX IF NOT EXISTS jobs_of_queue ON jobs (queue, seq);
CREATE INDEX IF NOT EXISTS jobs_kept ON jobs (kept, seq);
CREATE TABLE IF NOT EXISTS attempts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES jobs (seq), number INTEGER NOT NULL,
  worker TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, error TEXT, last_words TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS attempts_of_job ON attempts (job, id);
CREATE TABLE IF NOT EXISTS pauses (queue TEXT PRIMARY KEY, since INTEGER NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
)";

State shown(Kept kept) {
  return kept == Kept::delayed ? State::waiting : static_cast<State>(kept);
}

std::string_view kept_list(State state) {
  return std::array<std::string_view, 5>{"(0, 5)", "(1)", "(2)", "(3)", "(4)"}[static_cast<std::size_t>(state)];
}

}  // namespace larmor::dispatch
