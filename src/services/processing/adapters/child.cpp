#include "services/processing/adapters/child.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/file.h"
#include "services/processing/core/lines.h"

namespace larmor::processing {
namespace {

using Steady = std::chrono::steady_clock;

constexpr Duration kTick = 200ms, kGrace = 5s, kDiskCheck = 2s;
#ifdef __SANITIZE_ADDRESS__
constexpr bool kMayLimitMemory = false;  // the sanitizer maps terabytes of shadow before main() begins
#else
constexpr bool kMayLimitMemory = true;
#endif
constexpr std::size_t kDrainAtMost = 1 << 20;

struct Pipe {
  FileHandle read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_with(file_error("make", "a pipe", errno));
  return Pipe{FileHandle(ends[0]), FileHandle(ends[1])};
}

/// Everything that the child needs between fork and exec, prepared beforehand: there it may neither allocate nor lock.
struct Start {
  const char* executable;
  const char* folder;
  char* const* arguments;
  char* const* environment;
  int null, out, err, failed;
  pid_t parent;
  rlimit memory, address_space, cpu, file, none, files;
  int nice;
};

[[noreturn]] void give_up(const Start& start, int error) {
  (void)!::write(start.failed, &error, sizeof error);
  ::_exit(127);
}

/// When the machine runs out of memory, the kernel shall take the pipeline and not the server.
void offer_to_the_kernel() {
  const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0) return;
  (void)!::write(score, "500", 3);
  ::close(score);
}

[[noreturn]] void become_child(const Start& start) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != start.parent) ::_exit(127);  // it died before the line above
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  if (::dup2(start.null, 0) < 0 || ::dup2(start.out, 1) < 0 || ::dup2(start.err, 2) < 0) give_up(start, errno);
  ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  offer_to_the_kernel();
  ::umask(0077);  // what it writes may name the patient
  if (::chdir(start.folder) != 0) give_up(start, errno);
  if (kMayLimitMemory) {
    ::setrlimit(RLIMIT_DATA, &start.memory);
    ::setrlimit(RLIMIT_AS, &start.address_space);
  }
  ::setrlimit(RLIMIT_CPU, &start.cpu);
  ::setrlimit(RLIMIT_FSIZE, &start.file);
  ::setrlimit(RLIMIT_CORE, &start.none);
  ::setrlimit(RLIMIT_NOFILE, &start.files);
  ::setpriority(PRIO_PROCESS, 0, start.nice);
  ::execve(start.executable, start.arguments, start.environment);
  give_up(start, errno);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

rlimit both(rlim_t value) {
  return {value, value};
}

struct Running {
  pid_t pid = -1;
  FileHandle out, err, ended;  ///< `ended` becomes readable when the child has ended
};

Result<Running> start_child(const ChildProgram& program, const Limits& limits) {
  auto out = TRY(make_pipe()), err = TRY(make_pipe()), failed = TRY(make_pipe());
  const auto null = TRY(open_file("/dev/null", O_RDONLY));
  std::vector<std::string> texts{program.executable.string()};
  texts.insert(texts.end(), program.arguments.begin(), program.arguments.end());
  auto environment_texts = program.environment;
  const auto arguments = pointers(texts), environment = pointers(environment_texts);
  const auto cpu_s = static_cast<rlim_t>(seconds(limits.time) * std::max(1, limits.threads)) + 1;
  // The data limit counts what is written to; libraries reserve far more address space than they ever touch.
  const Start start{program.executable.c_str(),
                    program.folder.c_str(),
                    arguments.data(),
                    environment.data(),
                    null.get(),
                    out.write.get(),
                    err.write.get(),
                    failed.write.get(),
                    ::getpid(),
                    both(limits.memory_bytes),
                    both(limits.memory_bytes * 2 + (rlim_t{2} << 30)),
                    {cpu_s, cpu_s + 5},
                    both(limits.disk_bytes),
                    both(0),
                    both(1024),
                    limits.nice};
  Running child;
  child.pid = ::_Fork();
  if (child.pid == 0) become_child(start);
  if (child.pid < 0) return fail_with(file_error("start", program.executable, errno));
  ::setpgid(child.pid, child.pid);  // both sides, so that neither can be late
  failed.write = FileHandle();
  int error = 0;
  ssize_t n;
  while ((n = ::read(failed.read.get(), &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (n == sizeof error) {
    ::waitpid(child.pid, nullptr, 0);
    return fail_with(file_error("start", program.executable, error));
  }
  child.ended = FileHandle(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
  for (auto* end : {&out.read, &err.read}) ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
  child.out = std::move(out.read);
  child.err = std::move(err.read);
  return child;
}

/// Reads what is there, `most` bytes at most; closes the handle at the end of the stream.
template <class Take>
void drain(FileHandle& from, std::size_t most, Take&& take) {
  std::array<char, 16 << 10> buffer;
  while (from && most > 0) {
    const auto n = ::read(from.get(), buffer.data(), std::min(most, buffer.size()));
    if (n < 0 && (errno == EINTR)) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      from = FileHandle();
      return;
    }
    take(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
    most -= static_cast<std::size_t>(n);
  }
}

std::uint64_t size_of(const std::filesystem::path& folder) {
  std::uint64_t sum = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;  // the child deletes files while we look
    if (const auto size = it->is_regular_file(gone) ? it->file_size(gone) : 0; !gone) sum += size;
  }
  return sum;
}

/// Watches one child to its end.
class Vigil {
 public:
  Vigil(Running child, const ChildProgram& program, const Limits& limits, const ChildWatch& watch)
      : child_(std::move(child)), program_(program), limits_(limits), watch_(watch) {}

  Ending keep() {
    while (!ended()) {
      wait_for_news();
      read_some(kDrainAtMost);
      if (const auto now = Steady::now(); now >= next_tick_) {
        next_tick_ = now + kTick;
        consider(now);
      }
    }
    read_some(kDrainAtMost);
    ending_.last_words = last_words_.text();
    return ending_;
  }

 private:
  void wait_for_news() {
    std::array<pollfd, 3> fds{pollfd{child_.out.get(), POLLIN, 0}, pollfd{child_.err.get(), POLLIN, 0},
                              pollfd{child_.ended.get(), POLLIN, 0}};
    ::poll(fds.data(), fds.size(), static_cast<int>(kTick / 1ms));
  }

  void read_some(std::size_t most) {
    drain(child_.out, most, [&](std::string_view piece) { lines_.add(piece, watch_.line); });
    drain(child_.err, most, [&](std::string_view piece) { last_words_.add(piece); });
  }

  void consider(Steady::time_point now) {
    if (ending_because_) {
      if (now >= kill_at_) ::kill(-child_.pid, SIGKILL);
    } else if (!watch_.go_on()) {
      end_it(Ending::How::stopped, now);
    } else if (now - started_ > limits_.time) {
      end_it(Ending::How::timed_out, now);
    } else if (now >= next_disk_check_) {
      next_disk_check_ = now + kDiskCheck;
      if (size_of(program_.folder) > limits_.disk_bytes) end_it(Ending::How::too_much_disk, now);
    }
  }

  void end_it(Ending::How why, Steady::time_point now) {
    ending_because_ = why;
    kill_at_ = now + kGrace;
    ::kill(-child_.pid, SIGTERM);
  }

  bool ended() {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(child_.pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
      return false;
    // A grandchild may still run and hold the pipes. While the child is not reaped its group cannot be somebody else's.
    ::kill(-child_.pid, SIGKILL);
    int status = 0;
    rusage usage{};
    while (::wait4(child_.pid, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    ending_.peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
    ending_.how = ending_because_.value_or(WIFSIGNALED(status) ? Ending::How::signalled : Ending::How::exited);
    ending_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return true;
  }

  Running child_;
  const ChildProgram& program_;
  const Limits& limits_;
  const ChildWatch& watch_;
  const Steady::time_point started_ = Steady::now();
  Steady::time_point next_tick_{}, next_disk_check_ = started_ + kDiskCheck, kill_at_{};
  std::optional<Ending::How> ending_because_;
  Lines lines_;
  LastWords last_words_;
  Ending ending_;
};

}  // namespace

Result<Ending> run_child(const ChildProgram& program, const Limits& limits, const ChildWatch& watch) {
  return Vigil(TRY(start_child(program, limits)), program, limits, watch).keep();
}

}  // namespace larmor::processing
