// What the tests of symbols ask of the machine's own tools about a compiled program.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace heapatlas::symbols {

inline std::string output(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  std::string text;
  std::array<char, 4096> part;
  while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) text += part.data();
  return text;
}

inline std::vector<std::uint64_t> instructions(const std::string& file) {
  std::istringstream text(
      output("objdump -d --section=.text --no-show-raw-insn " + file + " | grep -oE '^ +[0-9a-f]+:' | tr -d ' :'"));
  std::vector<std::uint64_t> addresses;
  for (std::string word; text >> word;) addresses.push_back(std::stoull(word, nullptr, 16));
  return addresses;
}

}  // namespace heapatlas::symbols
