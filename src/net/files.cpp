#include "net/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <mutex>

#include "base/file_source.h"
#include "base/text.h"
#include "net/gzip.h"

namespace larmor::net {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".pdf", "application/pdf"},
    {".dcm", "application/dicom"},
    {".gz", "application/gzip"},
    {".zip", "application/zip"},
    {".nii", "application/octet-stream"},
};
constexpr std::size_t kLargestCompressed = 8u << 20;  ///< files beyond it are sent as they are
constexpr std::size_t kCompressedInAll = 16u << 20;   ///< kept in memory
constexpr int kSmall = 6;                             ///< compressed once, sent often

std::optional<std::string_view> known_type(const fs::path& path) {
  auto ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const auto& [known, type] : kTypes)
    if (ending == known) return type;
  return std::nullopt;
}

struct Facts {
  std::uint64_t size = 0;
  std::string etag;
};

Result<Facts> facts_of(const FileHandle& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail_with(file_error("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return fail(Code::not_found, "there is no file at this address");
  return Facts{static_cast<std::uint64_t>(status.st_size),
               fmt::format("{:x}-{:x}-{:x}", status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
}

/// "main-Bq3kz8_A.js": what the build names after its content never changes.
bool has_hash(const fs::path& relative) {
  if (relative.begin() == relative.end() || *relative.begin() != "assets") return false;
  const auto stem = relative.stem().string();
  const auto dash = stem.size() >= 9 ? stem.rfind('-', stem.size() - 9) : std::string::npos;
  return dash != std::string::npos && dash > 0;
}

/// The path below the root, or nothing where a segment could lead elsewhere.
std::optional<fs::path> safe_path(const std::string& file) {
  fs::path path;
  for (const auto& segment : split(file, '/')) {
    if (segment.empty()) continue;
    if (segment.front() == '.' || segment.find_first_of(std::string_view("\\\0", 2)) != std::string::npos)
      return std::nullopt;
    path /= segment;
  }
  return path;
}

bool lies_below(const fs::path& root, const fs::path& path) {
  std::error_code error;
  const auto base = fs::canonical(root, error);
  const auto real = error ? fs::path() : fs::canonical(path, error);
  return !error && std::mismatch(base.begin(), base.end(), real.begin(), real.end()).first == base.end();
}

/// Compressed files of the site, while there is room.
class Compressed {
 public:
  std::shared_ptr<const std::string> get(const fs::path& path, const Facts& facts) {
    const std::lock_guard lock(mutex_);
    const auto key = path.string() + facts.etag;
    if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    auto text = read_file(path, kLargestCompressed);
    if (!text) return nullptr;
    auto made = std::make_shared<const std::string>(gzip(*text, kSmall));
    if (made->empty() || used_ + made->size() > kCompressedInAll) return nullptr;
    used_ += made->size();
    kept_.emplace(key, made);
    return made;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const std::string>> kept_;
  std::size_t used_ = 0;
};

class SiteFiles {
 public:
  explicit SiteFiles(Site site) : site_(std::move(site)) {}

  Result<Response> answer(const Request& request) {
    const auto wanted = safe_path(request.capture("file"));
    if (!wanted || is_api(request.path)) return fail(Code::not_found, "there is nothing at this address");
    std::error_code ignored;
    auto relative = wanted->empty() ? fs::path("index.html") : *wanted;
    if (!fs::is_regular_file(site_.root / relative, ignored)) {
      // A page's address may end like a file (a UID does), but only endings that we serve mean a file that is missing.
      if (relative != "index.html" && known_type(relative))
        return fail(Code::not_found, "there is no such file in the web application");
      relative = "index.html";
    }
    const auto path = site_.root / relative;
    if (!fs::is_regular_file(path, ignored))
      return fail_with(
          {Code::not_found, "the web application is not there", "Build it (web/README.md) or set web.root.", ""});
    if (!lies_below(site_.root, path)) return fail(Code::not_found, "there is nothing at this address");
    auto response = TRY(file(request, path));
    response.headers.emplace("cache-control", has_hash(relative) ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.emplace("content-security-policy", site_.content_security_policy);
    return response;
  }

 private:
  bool is_api(const std::string& path) const {
    return std::any_of(site_.api.begin(), site_.api.end(),
                       [&](const std::string& prefix) { return path.rfind(prefix, 0) == 0 || path + "/" == prefix; });
  }

  Result<Response> file(const Request& request, const fs::path& path) {
    const auto type = content_type_of(path);
    if (!is_compressible(type)) return file_response(request, path, type);
    const auto facts = TRY(facts_of(TRY(open_file(path, O_RDONLY)), path));
    const bool small = facts.size > 1024 && facts.size <= kLargestCompressed && accepts_gzip(request);
    const auto compressed = small && !request.header("range") ? compressed_.get(path, facts) : nullptr;
    if (!compressed) {
      auto response = TRY(file_response(request, path, type));
      response.headers.emplace("vary", "accept-encoding");
      return response;
    }
    const auto etag = "\"" + facts.etag + "-gz\"";
    auto response = request.knows(etag) ? not_modified(etag) : Response();
    response.headers.emplace("vary", "accept-encoding");
    if (response.status == 304) return response;
    response.headers.emplace("etag", etag);
    response.headers.emplace("content-type", type);
    response.headers.emplace("content-encoding", "gzip");
    response.body = *compressed;
    return response;
  }

  const Site site_;
  Compressed compressed_;
};

}  // namespace

Result<std::shared_ptr<ByteSource>> file_source(const fs::path& path, ByteRange range) {
  return std::make_shared<FileSource>(TRY(open_file(path, O_RDONLY)), range.first, range.count);
}

std::string content_type_of(const fs::path& path) {
  return std::string(known_type(path).value_or("application/octet-stream"));
}

Result<Response> file_response(const Request& request, const fs::path& path, std::string content_type) {
  auto file = TRY(open_file(path, O_RDONLY));
  const auto facts = TRY(facts_of(file, path));
  const auto etag = "\"" + facts.etag + "\"";
  if (request.knows(etag)) return not_modified(etag);
  Response response;
  response.headers.emplace("etag", etag);
  response.headers.emplace("accept-ranges", "bytes");
  response.headers.emplace("content-type", content_type.empty() ? content_type_of(path) : std::move(content_type));
  ByteRange range{0, facts.size};
  const auto condition = request.header("if-range");
  if (!condition || *condition == etag) {
    const auto part = request.range(facts.size);
    if (!part) return range_not_satisfiable(facts.size);
    if (*part) {
      range = **part;
      response.status = 206;
      response.headers.emplace("content-range",
                               fmt::format("bytes {}-{}/{}", range.first, range.first + range.count - 1, facts.size));
    }
  }
  response.stream = std::make_shared<FileSource>(std::move(file), range.first, range.count);
  response.stream_size = range.count;
  return response;
}

Route site_route(Site site) {
  const auto pattern = site.at + "{file...}";
  const auto files = std::make_shared<SiteFiles>(std::move(site));
  return {Method::get, pattern, Scope::open, "The web application",
          [files](const Request& r) { return files->answer(r); }};
}

}  // namespace larmor::net
