// The node folder: where programs put their rings, and the collector its socket and its lock.
// Entry: NodeFolder, made by main; newRings, called by the drain. Must hold: the folder is a directory of this user
// with mode 0700, never a symbolic link; one collector at most holds the lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace heapatlas::collector {

class NodeFolder {
 public:
  // HEAPATLAS_DIR, or /dev/shm/heapatlas-<uid>.
  static std::string defaultPath();
  // Makes what is missing. Throws InputError.
  explicit NodeFolder(std::string path);
  ~NodeFolder();
  NodeFolder(const NodeFolder&) = delete;
  NodeFolder& operator=(const NodeFolder&) = delete;

  // False when another collector has it.
  bool lock();
  // Full paths of the files in rings/ that end in .ring.
  std::vector<std::string> rings() const;
  // Readable when rings/ changed; -1 where there is no inotify. drainNotifications empties it.
  int notifyFd() const { return notifyFd_; }
  void drainNotifications();

  const std::string& path() const { return path_; }
  std::string socketPath() const { return path_ + "/collector.sock"; }

 private:
  std::string path_;
  int notifyFd_ = -1;
  int lockFd_ = -1;
};

}  // namespace heapatlas::collector
