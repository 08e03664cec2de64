// The command line of heapatlas-collector.
// Entry: parseOptions, called by main. Must hold: a wrong use is one sentence and exit status 2.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace heapatlas::collector {

struct Options {
  std::string folder;
  std::string listen;  // HOST:PORT
  std::string tlsFolder;
  std::string initTls;
  std::string recordings;             // where recordings lie that are asked for over the network
  std::string replay;                 // a recording's folder; empty: programs are watched
  std::uint64_t idleExitSeconds = 0;  // 0: stays
  bool doctor = false;
  bool json = false;
  bool help = false;
  bool version = false;
};

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

Options parseOptions(const std::vector<std::string>& arguments);
const char* usage();

}  // namespace heapatlas::collector
