// Reads small files of /proc, /sys and fixtures whole. Entry: readText, readLink.
// Must hold: no file is read beyond its limit, and absent is told from empty.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heapatlas::node {

inline constexpr std::size_t kMaxTextBytes = 256u << 20;  // smaps of a process with a million regions

// Nothing when it cannot be opened or read; errno says why.
std::optional<std::string> readText(const std::string& path, std::size_t limit = kMaxTextBytes);
std::optional<std::string> readLink(const std::string& path);
std::vector<std::string> entriesOf(const std::string& folder);
std::vector<std::string_view> linesOf(std::string_view text);
std::vector<std::string_view> linesOf(std::string&& text) = delete;  // its lines would outlive it
std::vector<std::string_view> wordsOf(std::string_view line);
// Of a text in which each ends with a zero; the last one may have lost its own.
std::vector<std::string> stringsIn(std::string_view text);
// 0 when it is no number.
unsigned long long numberOf(std::string_view text, int base = 10);

}  // namespace heapatlas::node
