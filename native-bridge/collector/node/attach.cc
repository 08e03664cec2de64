#include "node/attach.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "node/error.h"
#include "node/loader_facts.h"
#include "node/proc.h"
#include "node/remote_call.h"
#include "node/safe_thread.h"
#include "node/stacks.h"

namespace heapatlas::node {
namespace {

constexpr std::chrono::milliseconds kPatience{10000};
constexpr std::size_t kLongestSession = 63;

NodeError unsupported(std::uint32_t pid, const std::string& why) {
  return {ErrorKind::Unsupported, "Process " + std::to_string(pid) + " " + why};
}

// An ELF file open for its headers and symbols.
class ElfFile {
 public:
  explicit ElfFile(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    elf_version(EV_CURRENT);
    if (descriptor_ >= 0) elf_ = elf_begin(descriptor_, ELF_C_READ, nullptr);
  }
  ~ElfFile() {
    elf_end(elf_);
    if (descriptor_ >= 0) close(descriptor_);
  }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  std::optional<GElf_Ehdr> header() const {
    GElf_Ehdr header;
    if (elf_ == nullptr || gelf_getehdr(elf_, &header) == nullptr) return std::nullopt;
    return header;
  }
  bool hasLoader() const {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_, &count) != 0) return false;
    for (std::size_t index = 0; index < count; ++index) {
      GElf_Phdr header;
      if (gelf_getphdr(elf_, static_cast<int>(index), &header) != nullptr && header.p_type == PT_INTERP) return true;
    }
    return false;
  }
  bool exports(const char* name) const {
    for (Elf_Scn* section = elf_nextscn(elf_, nullptr); section != nullptr; section = elf_nextscn(elf_, section)) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_DYNSYM || header.sh_entsize == 0) continue;
      Elf_Data* data = elf_getdata(section, nullptr);
      for (std::size_t index = 0; data != nullptr && index < header.sh_size / header.sh_entsize; ++index) {
        GElf_Sym symbol;
        if (gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr) break;
        const char* found = elf_strptr(elf_, header.sh_link, symbol.st_name);
        if (found != nullptr && symbol.st_shndx != SHN_UNDEF && std::strcmp(found, name) == 0) return true;
      }
    }
    return false;
  }

 private:
  int descriptor_;
  Elf* elf_ = nullptr;
};

void checkProcess(std::uint32_t pid) {
  if (pid == static_cast<std::uint32_t>(getpid())) throw unsupported(pid, "is the collector itself.");
  const ProcessFacts facts = ProcFs().process(pid);
  if (facts.state == RunState::Ended) {
    throw NodeError(ErrorKind::NotFound, "Process " + std::to_string(pid) + " has ended.");
  }
  if (facts.uid != geteuid()) {
    throw NodeError(ErrorKind::Denied, "Process " + std::to_string(pid) + " belongs to user " +
                                           std::to_string(facts.uid) + ", the collector to user " +
                                           std::to_string(geteuid()) + "; run a collector as that user.");
  }
  const std::string folder = "/proc/" + std::to_string(pid);
  if (facts.executable.empty() && facts.arguments.empty()) throw unsupported(pid, "is a thread of the kernel.");
  const ElfFile program(folder + "/exe");
  const std::optional<GElf_Ehdr> header = program.header();
  const std::optional<GElf_Ehdr> own = ElfFile("/proc/self/exe").header();
  if (!header || !own) {
    throw NodeError(ErrorKind::Denied, "The program file of process " + std::to_string(pid) +
                                           " cannot be read; run the collector as the process's user.");
  }
  if (header->e_machine != own->e_machine || header->e_ident[EI_CLASS] != own->e_ident[EI_CLASS]) {
    throw unsupported(pid, "runs a program for another architecture; use a collector and a runtime built for it.");
  }
  if (!program.hasLoader()) {
    throw unsupported(pid, "runs a statically linked program, which cannot load the runtime; link it dynamically.");
  }
}

void checkLibrary(const AttachRequest& request) {
  if (request.session.size() > kLongestSession) {
    throw NodeError(ErrorKind::Unsupported, "The session's name is longer than 63 bytes; use a shorter one.");
  }
  const ElfFile library(request.library);
  if (!request.library.starts_with('/') || !library.header()) {
    throw NodeError(ErrorKind::Failed, "The runtime library '" + request.library +
                                           "' cannot be read, or is given without its whole path.");
  }
  if (!library.exports(kAttachFunction)) {
    throw NodeError(ErrorKind::Failed, "The library '" + request.library + "' does not export " + kAttachFunction +
                                           "; it is no HeapAtlas runtime that can be attached.");
  }
  const std::string seen = "/proc/" + std::to_string(request.pid) + "/root" + request.library;
  if (access(seen.c_str(), R_OK) != 0) {
    throw unsupported(request.pid, "does not see the file '" + request.library +
                                       "'; it runs in a container, where the library must be under the same path.");
  }
}

// The loader's own words for the call that just failed.
std::string loaderError(RemoteCalls& calls, const LoaderFacts& facts) {
  const std::uint64_t text = calls.call("dlerror", facts.dlerror, {});
  return text == 0 ? "no reason is given" : calls.textAt(text);
}

// What can be done about the loader's reason.
std::string remedyFor(const std::string& reason) {
  if (reason.find("static TLS") == std::string::npos) return "";
  return " Its other libraries have used up the room for thread-local variables; start it through HeapAtlas instead, "
         "or with GLIBC_TUNABLES=glibc.rtld.optional_static_tls=4096 in its environment.";
}

// A function of the runtime in the process; the library is loaded when it is not there yet.
std::uint64_t runtimeFunction(const std::string& process, const std::string& library, const char* name, int flags,
                              RemoteCalls& calls, const LoaderFacts& facts) {
  const std::array<std::uint64_t, 2> load = {calls.place(library), static_cast<std::uint64_t>(flags)};
  const std::uint64_t handle = calls.call("dlopen", facts.dlopen, load);
  if (handle == 0) {
    const std::string reason = loaderError(calls, facts);
    throw NodeError(ErrorKind::Failed,
                    "The loader of " + process + " refuses the runtime: " + reason + "." + remedyFor(reason));
  }
  const std::array<std::uint64_t, 2> find = {handle, calls.place(name)};
  const std::uint64_t found = calls.call("dlsym", facts.dlsym, find);
  if (found == 0) {
    throw NodeError(ErrorKind::Failed,
                    "The runtime in " + process + " has no " + name + ": " + loaderError(calls, facts) + ".");
  }
  return found;
}

void loadAndStart(const AttachRequest& request, RemoteCalls& calls, const LoaderFacts& facts) {
  const std::string process = "process " + std::to_string(request.pid);
  const std::uint64_t start = runtimeFunction(process, request.library, kAttachFunction, RTLD_NOW, calls, facts);
  const std::array<std::uint64_t, 3> parameters = {calls.place(request.folder), request.mode,
                                                   calls.place(request.session)};
  const auto error = static_cast<int>(calls.call(kAttachFunction, start, parameters));
  if (error == EALREADY) {
    throw NodeError(ErrorKind::Unsupported,
                    "Process " + std::to_string(request.pid) +
                        " is watched already, through another collector; end that session first.");
  }
  if (error != 0) {
    throw NodeError(ErrorKind::Failed,
                    "The runtime was loaded into " + process + ", but could not start in folder '" + request.folder +
                        "': " + std::strerror(error) +
                        (error == ENOSPC ? "; make room there, or name another in HEAPATLAS_DIR." : "."));
  }
}

// Borrows a thread for the body's calls, and says for how long.
template <typename Body>
AttachResult withCalls(std::uint32_t pid, Body body) {
  return tracing([pid, &body] {
    const LoaderFacts facts = loaderFacts(pid, modulesOf(pid));
    const std::unique_ptr<TracedThread> thread = borrowThread(pid, facts.unsafe);
    const auto start = std::chrono::steady_clock::now();
    RemoteCalls calls(pid, *thread, facts.systemCall, kPatience);
    body(calls, facts);
    calls.finish();
    const auto took = std::chrono::steady_clock::now() - start;
    return AttachResult{thread->tid(), static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count())};
  });
}

}  // namespace

AttachResult attach(const AttachRequest& request) {
  checkProcess(request.pid);
  checkLibrary(request);
  return withCalls(request.pid,
                   [&](RemoteCalls& calls, const LoaderFacts& facts) { loadAndStart(request, calls, facts); });
}

AttachResult detach(std::uint32_t pid, const std::string& library) {
  checkProcess(pid);
  return withCalls(pid, [&](RemoteCalls& calls, const LoaderFacts& facts) {
    const std::string process = "process " + std::to_string(pid);
    const std::uint64_t stop = runtimeFunction(process, library, kDetachFunction, RTLD_NOW | RTLD_NOLOAD, calls, facts);
    const auto error = static_cast<int>(calls.call(kDetachFunction, stop, {}));
    if (error != 0) {
      throw NodeError(ErrorKind::Failed,
                      "The runtime in " + process + " cannot be detached: " + std::strerror(error) + ".");
    }
  });
}

}  // namespace heapatlas::node
