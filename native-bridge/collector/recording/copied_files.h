// The files of a recording's folder for whoever copies it while it is written.
// Entry: filesToCopy and readOf, by the service's FetchRecording. Must hold: files are listed in the order in which a
// copy writes them, each as long as it was when those behind it in that order had been looked at: so a copy that is cut
// short anywhere is a recording that was cut short; nothing outside of the folder is opened, and no link followed.
// Threads: any; the recorder writes meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heapatlas::recording {

struct CopiedFile {
  std::string name;  // in the folder, with slashes, as recording.proto gives them
  std::uint64_t mark =
      0;  // bytes 16 to 24, the sums of its first frame: what has the name next has another; 0: shorter
  std::uint64_t bytes = 0;
};

// Whether a file of a recording may have this name.
bool isCopiedName(std::string_view name);
// Throws RecordingError: the folder cannot be read, or its oldest files are given up faster than they can be listed.
std::vector<CopiedFile> filesToCopy(const std::string& folder);
// At most so many bytes, not beyond those that were listed. Throws RecordingError: another file has the name by now, or
// none.
std::string readOf(const std::string& folder, const CopiedFile& file, std::uint64_t offset, std::size_t most);

}  // namespace heapatlas::recording
