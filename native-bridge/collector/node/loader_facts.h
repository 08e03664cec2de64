// Where the loader's and the allocator's functions are in a process, read from its memory, so that it is the objects
// that really run. Entry: loaderFacts; used by attach. Must hold: what is read is the process's own and bounded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "symbols/symbolizer.h"

namespace heapatlas::node {

struct RemoteFunction {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

struct Span {
  std::uint64_t from = 0;
  std::uint64_t to = 0;  // exclusive
  bool holds(std::uint64_t address) const { return from <= address && address < to; }
};

struct LoaderFacts {
  std::uint64_t dlopen = 0;
  std::uint64_t dlsym = 0;
  std::uint64_t dlerror = 0;
  std::uint64_t systemCall = 0;  // an instruction that makes one
  // Code of allocators and of the loader. A thread with a frame in here may hold a lock that dlopen needs.
  std::vector<Span> unsafe;
};

// NodeError Unsupported when the process has no loader to be asked.
LoaderFacts loaderFacts(std::uint32_t pid, const std::vector<symbols::ModuleKey>& modules);
// Functions that a loaded object exports.
std::vector<RemoteFunction> exportedFunctions(std::uint32_t pid, const symbols::ModuleKey& module);

}  // namespace heapatlas::node
