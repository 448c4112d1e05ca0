#pragma once
/// What `larmor` can do from a terminal: one struct of arguments and one function a command. cli.cpp turns words into
/// these.
///
/// Every function answers the exit status: 0 done, 1 the thing asked for failed or was found wanting. An Error becomes
/// 2 when the input was wrong, 3 when a peer could not be reached, 1 otherwise. Results go to standard output,
/// everything else to standard error.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"

namespace larmor::app {

/// Where a command finds a running server.
struct ServerAddress {
  std::string url;  ///< "http://127.0.0.1:8480"; empty: LARMOR_SERVER or that default
  bool json = false;
};

struct ServeArguments {
  ConfigSource config;
  std::vector<std::string> services;  ///< empty: all of them in one process
  std::vector<std::string> peers;     ///< "storage=https://..."
};
Result<int> serve(const ServeArguments&);

struct CheckArguments {
  ConfigSource config;
  bool json = false;
};
Result<int> check(const CheckArguments&);
Result<int> doctor(const CheckArguments&);

struct DicomizeArguments {
  std::filesystem::path input, out;
  std::string patient_name = "Anonymous", patient_id, birth_date, sex, study_date, study_description,
              series_description, simulated, seed;
  bool json = false;
};
Result<int> dicomize(const DicomizeArguments&);

/// "AE@host:port"
struct SendArguments {
  std::vector<std::filesystem::path> inputs;
  std::string to, from = "LARMOR";
  bool json = false;
};
Result<int> send(const SendArguments&);

struct EchoArguments {
  std::string to, from = "LARMOR";
  bool json = false;
};
Result<int> echo(const EchoArguments&);

struct AnalyseArguments {
  std::string pipeline;
  std::filesystem::path input, out, models;
  std::string engine;    ///< empty: the fitting one
  std::string age, sex;  ///< years, F or M; empty: what DICOM says
  std::filesystem::path prior;
  double prior_months = 0;                   ///< 0: what DICOM says
  std::filesystem::path flair, prior_flair;  ///< empty: the one in the DICOM study, if it has one
  int threads = 0;
  bool json = false;
};
Result<int> analyse(const AnalyseArguments&);

struct SimulateArguments {
  std::filesystem::path input, out, models;
  double brain_change_percent = 0;
  std::uint64_t seed = 1;
  int threads = 0;
};
Result<int> simulate_atrophy(const SimulateArguments&);

/// The body of a worker's child process; not meant for people.
struct PipelineArguments {
  std::string name, job;
  std::filesystem::path in, prior, out, models;
  int threads = 0;
};
Result<int> pipeline(const PipelineArguments&);

struct StudiesArguments {
  ServerAddress server;
  std::string text;
  int limit = 50;
};
Result<int> studies(const StudiesArguments&);

struct JobsArguments {
  ServerAddress server;
  std::string study, state, retry;
  int limit = 50;
};
Result<int> jobs(const JobsArguments&);

struct QueuesArguments {
  ServerAddress server;
  std::string pause, resume;
};
Result<int> queues(const QueuesArguments&);

struct EventsArguments {
  ServerAddress server;
  std::string study;
  std::vector<std::string> types;
  bool follow = false;
  int limit = 1000;
};
Result<int> events(const EventsArguments&);

struct CertsArguments {
  std::filesystem::path directory;
  std::vector<std::string> names;  ///< further host names and addresses that the certificates shall hold
};
Result<int> certs_init(const CertsArguments&);

struct StorageArguments {
  ConfigSource config;
  bool json = false;
};
Result<int> storage_verify(const StorageArguments&);
Result<int> storage_rebuild(const StorageArguments&);

/// Accounts are changed in the data directory itself, also while a server runs there.
struct UsersArguments {
  ConfigSource config;
  std::string name, role = "reader";
  bool json = false;
};
Result<int> users_list(const UsersArguments&);
Result<int> users_add(const UsersArguments&);
Result<int> users_role(const UsersArguments&);
Result<int> users_password(const UsersArguments&);
Result<int> users_disable(const UsersArguments&);
Result<int> users_enable(const UsersArguments&);

struct TokensArguments {
  ConfigSource config;
  std::string name, id;
  std::vector<std::string> scopes;  ///< empty: read
  int days = 90;
  bool json = false;
};
Result<int> tokens_list(const TokensArguments&);
Result<int> tokens_add(const TokensArguments&);
Result<int> tokens_revoke(const TokensArguments&);

Result<int> print_settings(bool schema);
Result<int> print_openapi();
Result<int> print_conformance();

}  // namespace larmor::app
