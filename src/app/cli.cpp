#include "app/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "app/commands.h"
#include "app/completion.h"
#include "base/version.h"

namespace larmor::app {
namespace {

using Run = std::function<Result<int>()>;

/// One command being described: CLI11's app, and what to run if it was chosen.
struct Builder {
  CLI::App& root;
  Run& chosen;

  /// `body` runs with the arguments after parsing; they live as long as the program.
  template <class Arguments>
  CLI::App* command(CLI::App& parent, const std::string& name, const std::string& about, const std::string& example,
                    std::shared_ptr<Arguments> arguments, Result<int> (*body)(const Arguments&)) {
    auto* app = parent.add_subcommand(name, about);
    app->footer("Example:\n  " + example);
    app->callback([&chosen = chosen, arguments, body] { chosen = [arguments, body] { return body(*arguments); }; });
    return app;
  }
};

void config_options(CLI::App* app, ConfigSource& config) {
  app->add_option("-c,--config", config.file, "Configuration file (YAML)")->check(CLI::ExistingFile);
  app->add_option("--set", config.overrides, "Override a setting: --set import.port=11112")->type_name("NAME=VALUE");
}

void server_options(CLI::App* app, ServerAddress& server) {
  app->add_option("--server", server.url,
                  "Address of a running server (default: LARMOR_SERVER or http://127.0.0.1:8480)");
  app->add_flag("--json", server.json, "Print JSON instead of a table");
}

void add_server_commands(Builder b) {
  auto serve_args = std::make_shared<ServeArguments>();
  auto* app = b.command(
      b.root, "serve", "Run the server: all services in one process, or the named ones",
      "larmor serve\n  larmor serve dispatch --peer events=https://10.0.0.5:8443 --set peer.certificates=certs",
      serve_args, serve);
  app->add_option("services", serve_args->services,
                  "events storage dispatch workflow processing export import front (default: all)");
  app->add_option("--peer", serve_args->peers, "Where another service runs")->type_name("SERVICE=URL");
  config_options(app, serve_args->config);

  auto check_args = std::make_shared<CheckArguments>();
  app = b.command(b.root, "check", "Check configuration and rules without starting",
                  "larmor check --config larmor.yaml", check_args, check);
  config_options(app, check_args->config);
  app->add_flag("--json", check_args->json, "Print JSON");

  auto doctor_args = std::make_shared<CheckArguments>();
  app = b.command(b.root, "doctor", "Look at ports, disk, peers, certificates: what is wrong and how to mend it",
                  "larmor doctor --config larmor.yaml", doctor_args, doctor);
  config_options(app, doctor_args->config);
  app->add_flag("--json", doctor_args->json, "Print JSON");

  auto* certs = b.root.add_subcommand("certs", "Certificates for services that run apart")->require_subcommand(1);
  auto certs_args = std::make_shared<CertsArguments>();
  app = b.command(*certs, "init", "Make a small private CA and a certificate per service",
                  "larmor certs init certs --name storage.example", certs_args, certs_init);
  app->add_option("directory", certs_args->directory, "Where to put them")->required();
  app->add_option("--name", certs_args->names, "A further host name or address to certify");

  auto* storage = b.root.add_subcommand("storage", "Look after the stored objects; the server must be stopped")
                      ->require_subcommand(1);
  auto verify = std::make_shared<StorageArguments>();
  app = b.command(*storage, "verify", "Read every object again and compare checksums and index",
                  "larmor storage verify --config larmor.yaml", verify, storage_verify);
  config_options(app, verify->config);
  app->add_flag("--json", verify->json, "Print JSON");
  auto rebuild = std::make_shared<StorageArguments>();
  app = b.command(*storage, "rebuild", "Make a new index from the objects",
                  "larmor storage rebuild --config larmor.yaml", rebuild, storage_rebuild);
  config_options(app, rebuild->config);
  app->add_flag("--json", rebuild->json, "Print JSON");
}

void add_dicom_commands(Builder b) {
  auto dicomize_args = std::make_shared<DicomizeArguments>();
  auto* app = b.command(b.root, "dicomize", "Turn a NIfTI image into a DICOM MR series",
                        "larmor dicomize head.nii.gz --out head/", dicomize_args, dicomize);
  app->add_option("input", dicomize_args->input, "NIfTI file")->required()->check(CLI::ExistingFile);
  app->add_option("-o,--out", dicomize_args->out, "Folder for the images")->required();
  app->add_option("--patient-name", dicomize_args->patient_name, "As in DICOM: Family^Given");
  app->add_option("--patient-id", dicomize_args->patient_id, "Patient ID");
  app->add_option("--birth-date", dicomize_args->birth_date, "YYYYMMDD");
  app->add_option("--sex", dicomize_args->sex, "M, F or O");
  app->add_option("--study-date", dicomize_args->study_date, "YYYYMMDD");
  app->add_option("--study-description", dicomize_args->study_description, "Study Description");
  app->add_option("--series-description", dicomize_args->series_description, "Series Description");
  app->add_option("--simulated", dicomize_args->simulated,
                  "What of the head is made up, \"a loss of 1.5 %\"; every result then says that it is simulated");
  app->add_option("--seed", dicomize_args->seed, "Same image and seed, same UIDs");
  app->add_flag("--json", dicomize_args->json, "Print the UIDs as JSON");

  auto send_args = std::make_shared<SendArguments>();
  app = b.command(b.root, "send", "Send DICOM files, folders or a CD (C-STORE)",
                  "larmor send /media/cdrom --to LARMOR@127.0.0.1:11112", send_args, send);
  app->add_option("inputs", send_args->inputs, "Files or folders")->required()->check(CLI::ExistingPath);
  app->add_option("--to", send_args->to, "AE@host:port")->required();
  app->add_option("--from", send_args->from, "Our AE title");
  app->add_flag("--json", send_args->json, "Print JSON");

  auto echo_args = std::make_shared<EchoArguments>();
  app = b.command(b.root, "echo", "Ask whether a DICOM peer answers (C-ECHO)", "larmor echo --to ARCHIVE@10.0.0.5:104",
                  echo_args, echo);
  app->add_option("--to", echo_args->to, "AE@host:port")->required();
  app->add_option("--from", echo_args->from, "Our AE title");
  app->add_flag("--json", echo_args->json, "Print JSON");
}

void add_pipeline_commands(Builder b) {
  auto analyse_args = std::make_shared<AnalyseArguments>();
  auto* app = b.command(b.root, "analyse", "Run a pipeline on a NIfTI file or a DICOM folder; needs no server",
                        "larmor analyse brain head.nii.gz --age 71 --sex F --out findings/", analyse_args, analyse);
  app->add_option("pipeline", analyse_args->pipeline, "brain")->required()->check(CLI::IsMember({"brain"}));
  app->add_option("input", analyse_args->input, "NIfTI file or folder of DICOM files")
      ->required()
      ->check(CLI::ExistingPath);
  app->add_option("-o,--out", analyse_args->out, "Folder for labels.nii.gz, volumes.csv, report.pdf")->required();
  app->add_option("--models", analyse_args->models, "Folder with the networks");
  app->add_option("--threads", analyse_args->threads, "Processor threads (default: all)");
  app->add_option("--age", analyse_args->age, "Age in years, for centiles (default: what DICOM says)");
  app->add_option("--sex", analyse_args->sex, "F or M, for centiles (default: what DICOM says)");
  app->add_option("--prior", analyse_args->prior, "An earlier scan of the same person, to measure the change since")
      ->check(CLI::ExistingPath);
  app->add_option("--prior-months", analyse_args->prior_months, "How much earlier (default: what DICOM says)")
      ->check(CLI::Range(0.1, 1200.0));
  app->add_option("--flair", analyse_args->flair,
                  "The FLAIR of the same visit, for white-matter lesions (default: DICOM's)")
      ->check(CLI::ExistingPath);
  app->add_option("--prior-flair", analyse_args->prior_flair, "The FLAIR of the earlier visit (default: DICOM's)")
      ->check(CLI::ExistingPath);
  app->add_option("--engine", analyse_args->engine, "What runs the network (default: the quicker one that can)")
      ->check(CLI::IsMember({"onednn", "onnxruntime"}));
  app->add_flag("--json", analyse_args->json, "Print the findings as JSON");

  auto* simulate = b.root.add_subcommand("simulate", "Make images whose truth is known")->require_subcommand(1);
  auto atrophy_args = std::make_shared<SimulateArguments>();
  app = b.command(*simulate, "atrophy", "A second visit of a head, with a change of the brain that is known exactly",
                  "larmor simulate atrophy head.nii.gz --brain-change-percent -1.5 --seed 1 --out second.nii.gz",
                  atrophy_args, simulate_atrophy);
  app->add_option("input", atrophy_args->input, "NIfTI file of a head (T1)")->required()->check(CLI::ExistingFile);
  app->add_option("-o,--out", atrophy_args->out, "NIfTI file; the truth goes beside it as JSON")->required();
  app->add_option("--brain-change-percent", atrophy_args->brain_change_percent, "Negative is loss; 0 is a rescan")
      ->check(CLI::Range(-10.0, 10.0));
  app->add_option("--seed", atrophy_args->seed, "Same seed, same bytes: noise, shade and position");
  app->add_option("--models", atrophy_args->models, "Folder with the networks");
  app->add_option("--threads", atrophy_args->threads, "Processor threads (default: all)");

  auto pipeline_args = std::make_shared<PipelineArguments>();
  app = b.command(b.root, "pipeline", "The body of a worker's child process",
                  "larmor pipeline brain --in DIR --out DIR --job JSON", pipeline_args, pipeline);
  app->group("");  // not listed
  app->add_option("name", pipeline_args->name)->required();
  app->add_option("--in", pipeline_args->in)->required();
  app->add_option("--prior", pipeline_args->prior);
  app->add_option("--out", pipeline_args->out)->required();
  app->add_option("--job", pipeline_args->job)->required();
  app->add_option("--models", pipeline_args->models);
  app->add_option("--threads", pipeline_args->threads);
}

void add_client_commands(Builder b) {
  auto studies_args = std::make_shared<StudiesArguments>();
  auto* app = b.command(b.root, "studies", "List the studies of a running server", "larmor studies --find colin",
                        studies_args, studies);
  server_options(app, studies_args->server);
  app->add_option("--find", studies_args->text, "Words in name, ID, accession number or description");
  app->add_option("--limit", studies_args->limit, "How many")->check(CLI::Range(1, 1000));

  auto jobs_args = std::make_shared<JobsArguments>();
  app = b.command(b.root, "jobs", "List jobs, or send a dead one again",
                  "larmor jobs --state dead\n  larmor jobs --retry JOB", jobs_args, jobs);
  server_options(app, jobs_args->server);
  app->add_option("--study", jobs_args->study, "Study Instance UID");
  app->add_option("--state", jobs_args->state, "Only these")
      ->check(CLI::IsMember({"waiting", "running", "done", "dead", "cancelled"}));
  app->add_option("--retry", jobs_args->retry, "A dead job that shall wait again")->type_name("JOB");
  app->add_option("--limit", jobs_args->limit, "How many")->check(CLI::Range(1, 1000));

  auto queues_args = std::make_shared<QueuesArguments>();
  app = b.command(b.root, "queues", "List what waits in each queue, pause one, or let it go on",
                  "larmor queues\n  larmor queues --pause export/archive", queues_args, queues);
  server_options(app, queues_args->server);
  auto* pause = app->add_option("--pause", queues_args->pause, "It takes jobs and starts none; what runs goes on");
  app->add_option("--resume", queues_args->resume, "Let a paused queue go on")->type_name("QUEUE")->excludes(pause);
  pause->type_name("QUEUE");

  auto events_args = std::make_shared<EventsArguments>();
  app = b.command(b.root, "events", "Tell a study's whole story, in order, with reasons",
                  "larmor events --study 1.2.840.1\n  larmor events --follow --type job.", events_args, events);
  server_options(app, events_args->server);
  app->add_option("--study", events_args->study, "Study Instance UID");
  app->add_option("--type", events_args->types, "Event type; a trailing dot stands for all that begin so");
  app->add_flag("--follow", events_args->follow, "Go on with new events until interrupted");
  app->add_option("--limit", events_args->limit, "How many")->check(CLI::Range(1, 1000000));
}

void add_account_commands(Builder b) {
  struct Row {
    const char *name, *about, *example;
    Result<int> (*body)(const UsersArguments&);
    bool has_role = false;
  };
  static constexpr std::array kUsers = {
      Row{"add", "Let somebody sign in; the password is asked for, or read from standard input",
          "larmor users add anna --role operator", users_add, true},
      Row{"role", "Give a user another role", "larmor users role anna --role administrator", users_role, true},
      Row{"password", "Give a user another password; ends the user's sessions", "larmor users password anna",
          users_password},
      Row{"disable", "Let a user in no more, at once", "larmor users disable anna", users_disable},
      Row{"enable", "Let a disabled user in again", "larmor users enable anna", users_enable},
  };
  auto* users =
      b.root.add_subcommand("users", "Who may sign in; from the first user on everybody must")->require_subcommand(1);
  auto list_args = std::make_shared<UsersArguments>();
  auto* app = b.command(*users, "list", "List the users", "larmor users list", list_args, users_list);
  config_options(app, list_args->config);
  app->add_flag("--json", list_args->json, "Print JSON instead of a table");
  for (const auto& row : kUsers) {
    auto args = std::make_shared<UsersArguments>();
    app = b.command(*users, row.name, row.about, row.example, args, row.body);
    app->add_option("name", args->name, "1 to 64 letters, digits and . _ - @")->required();
    if (row.has_role) app->add_option("--role", args->role, "reader, operator or administrator")->required();
    config_options(app, args->config);
  }

  auto* tokens = b.root.add_subcommand("tokens", "What programs show instead of a password")->require_subcommand(1);
  auto tokens_args = std::make_shared<TokensArguments>();
  app = b.command(*tokens, "list", "List the tokens, without their secrets", "larmor tokens list", tokens_args,
                  tokens_list);
  config_options(app, tokens_args->config);
  app->add_flag("--json", tokens_args->json, "Print JSON instead of a table");
  auto add_args = std::make_shared<TokensArguments>();
  app = b.command(*tokens, "add", "Make a token and print its secret, this once",
                  "larmor tokens add 'night script' --scope read --scope operate --days 30", add_args, tokens_add);
  app->add_option("name", add_args->name, "What it is for")->required();
  app->add_option("--scope", add_args->scopes, "read (default), operate, administer");
  app->add_option("--days", add_args->days, "How long it is good")->check(CLI::Range(1, 732));
  config_options(app, add_args->config);
  auto revoke_args = std::make_shared<TokensArguments>();
  app = b.command(*tokens, "revoke", "End a token, at once", "larmor tokens revoke 4f0c9a12b3de", revoke_args,
                  tokens_revoke);
  app->add_option("id", revoke_args->id, "See `larmor tokens list`")->required();
  config_options(app, revoke_args->config);
}

CommandTree describe(const CLI::App& app) {
  CommandTree tree{app.get_name(), app.get_description(), {}, {}};
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) tree.options.push_back("--" + name);
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!sub->get_group().empty()) tree.commands.push_back(describe(*sub));
  return tree;
}

void add_print_commands(Builder b, CLI::App& root) {
  auto schema = std::make_shared<bool>(false);
  auto* app = root.add_subcommand("settings", "Print every setting with its default and its reason");
  app->add_flag("--schema", *schema, "As a JSON schema");
  app->callback([b, schema] { b.chosen = [schema] { return print_settings(*schema); }; });

  app = root.add_subcommand("openapi", "Print the OpenAPI 3.1 document of the REST API");
  app->callback([b] { b.chosen = [] { return print_openapi(); }; });

  app = root.add_subcommand("conformance", "Print the DICOM conformance statement");
  app->callback([b] { b.chosen = [] { return print_conformance(); }; });

  auto shell = std::make_shared<std::string>();
  app = root.add_subcommand("completion", "Print completion for a shell");
  app->footer("Example:\n  larmor completion bash > /etc/bash_completion.d/larmor");
  app->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app->callback([b, shell, &root] {
    b.chosen = [shell, &root]() -> Result<int> {
      std::fputs(completion_script(*shell, describe(root)).c_str(), stdout);
      return 0;
    };
  });
}

int status_of(const Error& e) {
  switch (e.code) {
    case Code::invalid:
    case Code::not_found:
      return 2;
    case Code::unavailable:
    case Code::timed_out:
      return 3;
    default:
      return 1;
  }
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App root(
      "Larmor stands next to a PACS: a study arrives over DICOM, the right AI runs on it, the findings go back.\n"
      "Not a certified medical device.",
      "larmor");
  root.set_version_flag("--version", std::string(kVersion));
  root.require_subcommand(1);
  root.failure_message(CLI::FailureMessage::simple);
  Run chosen;
  const Builder builder{root, chosen};
  add_server_commands(builder);
  add_dicom_commands(builder);
  add_pipeline_commands(builder);
  add_client_commands(builder);
  add_account_commands(builder);
  add_print_commands(builder, root);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return root.exit(e) == 0 ? 0 : 2;
  }
  const auto status = chosen();
  if (status) return *status;
  fmt::print(stderr, "larmor: {}\n", to_string(status.error()));
  return status_of(status.error());
}

}  // namespace larmor::app
