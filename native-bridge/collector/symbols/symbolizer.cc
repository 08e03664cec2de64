#include "symbols/symbolizer.h"

#include <list>
#include <map>
#include <mutex>
#include <utility>

#include "symbols/module_file.h"

namespace heapatlas::symbols {
namespace {

// What makes two loaded objects the same file. Without a build id only objects of one process are taken as the same.
std::string identity(const ModuleKey& key) {
  std::string name = key.path;
  name += '\0';
  name.append(key.buildId.begin(), key.buildId.end());
  if (key.buildId.empty()) name += '\0' + std::to_string(key.pid);
  return name;
}

}  // namespace

// Answers outlive the module that gave them: a closed module is opened again only for an address never asked before.
class Symbolizer::Impl {
 public:
  explicit Impl(SymbolLimits limits) : limits_(limits) {}

  std::vector<SymbolFrame> resolve(const ModuleKey& key, std::uint64_t pc, bool exact) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t offset = pc - key.bias;
    const std::uint64_t looked = exact || offset == 0 ? offset : offset - 1;
    std::vector<SymbolFrame> frames = cached(key, looked);
    for (SymbolFrame& frame : frames) {
      frame.pc = pc;
      frame.module = key.path;
      frame.moduleOffset = offset;
    }
    return frames;
  }

  ModuleFacts facts(const ModuleKey& key) {
    const std::lock_guard lock(mutex_);
    return openModule(moduleNumber(key), key).facts();
  }

  SymbolCounts counts() const {
    const std::lock_guard lock(mutex_);
    SymbolCounts counts = counts_;
    counts.modulesOpen = open_.size();
    return counts;
  }

 private:
  using Address = std::pair<std::uint32_t, std::uint64_t>;  // module number, address in the file
  using Answers = std::map<Address, std::vector<SymbolFrame>>;
  struct OpenModule {
    std::uint32_t number;
    std::unique_ptr<ModuleFile> file;
  };

  std::uint32_t moduleNumber(const ModuleKey& key) {
    return numbers_.try_emplace(identity(key), static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

  std::vector<SymbolFrame> cached(const ModuleKey& key, std::uint64_t offset) {
    const Address address{moduleNumber(key), offset};
    if (const auto found = recent_.find(address); found != recent_.end()) return found->second;
    std::vector<SymbolFrame> frames;
    if (const auto found = older_.find(address); found != older_.end()) {
      frames = std::move(found->second);
      older_.erase(found);
    } else {
      frames = openModule(address.first, key).frames(offset);
      ++(frames.front().function.empty() ? counts_.unresolved : counts_.resolved);
    }
    // Two generations: what was not asked for while the recent one filled up is dropped as a whole.
    if (recent_.size() >= limits_.cachedAddresses / 2) older_ = std::exchange(recent_, {});
    recent_.emplace(address, frames);
    return frames;
  }

  ModuleFile& openModule(std::uint32_t number, const ModuleKey& key) {
    for (auto at = open_.begin(); at != open_.end(); ++at) {
      if (at->number != number) continue;
      open_.splice(open_.begin(), open_, at);
      return *open_.front().file;
    }
    while (!open_.empty() && open_.size() >= limits_.openModules) {
      open_.pop_back();
      ++counts_.modulesClosed;
    }
    open_.push_front({number, ModuleFile::open(key)});
    if (!open_.front().file->facts().found) ++counts_.modulesUnusable;
    return *open_.front().file;
  }

  const SymbolLimits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, std::uint32_t> numbers_;
  std::list<OpenModule> open_;  // the most recently used first
  Answers recent_;
  Answers older_;
  SymbolCounts counts_;
};

Symbolizer::Symbolizer(SymbolLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
Symbolizer::~Symbolizer() = default;
std::vector<SymbolFrame> Symbolizer::resolve(const ModuleKey& module, std::uint64_t pc, bool exact) {
  return impl_->resolve(module, pc, exact);
}
ModuleFacts Symbolizer::facts(const ModuleKey& module) { return impl_->facts(module); }
SymbolCounts Symbolizer::counts() const { return impl_->counts(); }

}  // namespace heapatlas::symbols
