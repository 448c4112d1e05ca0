#pragma once
/// The tables of the index. `study.id` grows with every new study; times are microseconds since 1970; `day` is the
/// study's date as it sorts; `more` holds what is seldom asked for, as DICOM JSON; study_name holds the name's triples
/// of letters, folded (dicom/query/match.h).

namespace larmor::storage {

/// Changes with the tables: an index of another version is thrown away and built anew from the packs.
constexpr int kIndexVersion = 2;

constexpr auto kIndexSchema = R"(
CREATE TABLE IF NOT EXISTS study (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, patient_name TEXT NOT NULL, patient_id TEXT NOT NULL,
  birth_date TEXT NOT NULL, sex TEXT NOT NULL, age TEXT NOT NULL, date TEXT NOT NULL, time TEXT NOT NULL,
  accession TEXT NOT NULL, description TEXT NOT NULL, modalities TEXT NOT NULL, series INTEGER NOT NULL,
  instances INTEGER NOT NULL, bytes INTEGER NOT NULL, first_stored INTEGER NOT NULL, last_stored INTEGER NOT NULL,
  day TEXT NOT NULL, sop_classes TEXT NOT NULL, more TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS study_day ON study (day, id);
CREATE INDEX IF NOT EXISTS study_patient ON study (patient_id);
CREATE INDEX IF NOT EXISTS study_accession ON study (accession);
CREATE TABLE IF NOT EXISTS study_modality (
  modality TEXT NOT NULL, day TEXT NOT NULL, study INTEGER NOT NULL REFERENCES study (id),
  PRIMARY KEY (modality, day, study)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS study_name USING fts5 (name, content='', detail=none, tokenize='trigram');
CREATE INDEX IF NOT EXISTS study_newest ON study (last_stored, id);
CREATE VIRTUAL TABLE IF NOT EXISTS study_text USING fts5 (
  patient_name, patient_id, accession, description, content='study', content_rowid='id', prefix='2 3',
  tokenize='unicode61 remove_diacritics 2');
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY, study INTEGER NOT NULL REFERENCES study (id), uid TEXT NOT NULL, modality TEXT NOT NULL,
  description TEXT NOT NULL, body_part TEXT NOT NULL, protocol TEXT NOT NULL, manufacturer TEXT NOT NULL,
  model TEXT NOT NULL, number INTEGER NOT NULL, instances INTEGER NOT NULL, first TEXT NOT NULL,
  more TEXT NOT NULL, UNIQUE (study, uid));
CREATE INDEX IF NOT EXISTS series_uid ON series (uid);
CREATE TABLE IF NOT EXISTS instance (
  uid TEXT PRIMARY KEY, series INTEGER NOT NULL REFERENCES series (id), sop_class TEXT NOT NULL,
  transfer_syntax TEXT NOT NULL, number INTEGER NOT NULL, frames INTEGER NOT NULL, size INTEGER NOT NULL,
  digest TEXT NOT NULL, pack INTEGER NOT NULL, offset INTEGER NOT NULL,
  rows INTEGER NOT NULL, columns INTEGER NOT NULL, bits INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS instance_series ON instance (series, number, uid);
CREATE TABLE IF NOT EXISTS conflict (
  uid TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, pack INTEGER NOT NULL, offset INTEGER NOT NULL,
  PRIMARY KEY (uid, digest)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack (id INTEGER PRIMARY KEY, indexed_to INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS total (
  one INTEGER PRIMARY KEY CHECK (one = 1), studies INTEGER NOT NULL, instances INTEGER NOT NULL, bytes INTEGER NOT NULL);
INSERT OR IGNORE INTO total VALUES (1, 0, 0, 0);
)";

}  // namespace larmor::storage
