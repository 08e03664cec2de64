// See node_folder.h.
#include "input/node_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "input/ring_file.h"

namespace heapatlas::collector {
namespace {

void makePrivate(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    throw InputError("cannot make the folder " + path + ": " + std::strerror(errno));
  }
  struct stat facts {};
  if (lstat(path.c_str(), &facts) != 0) throw InputError("cannot inspect " + path + ": " + std::strerror(errno));
  if (!S_ISDIR(facts.st_mode)) throw InputError(path + " is not a directory; remove it or name another with --dir");
  if (facts.st_uid != geteuid()) throw InputError(path + " belongs to another user; name another folder with --dir");
  if ((facts.st_mode & 0777) != 0700) {
    throw InputError(path + " may be entered by others; set its mode to 0700 or name another folder with --dir");
  }
}

}  // namespace

std::string NodeFolder::defaultPath() {
  const char* named = std::getenv("HEAPATLAS_DIR");
  if (named != nullptr && *named != '\0') return named;
  return "/dev/shm/heapatlas-" + std::to_string(geteuid());
}

NodeFolder::NodeFolder(std::string path) : path_(std::move(path)) {
  makePrivate(path_);
  makePrivate(path_ + "/rings");
  notifyFd_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (notifyFd_ >= 0) {
    inotify_add_watch(notifyFd_, (path_ + "/rings").c_str(), IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB);
  }
}

NodeFolder::~NodeFolder() {
  if (notifyFd_ >= 0) close(notifyFd_);
  if (lockFd_ >= 0) close(lockFd_);
}

bool NodeFolder::lock() {
  const std::string file = path_ + "/collector.lock";
  lockFd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lockFd_ < 0) throw InputError("cannot open " + file + ": " + std::strerror(errno));
  return flock(lockFd_, LOCK_EX | LOCK_NB) == 0;
}

std::vector<std::string> NodeFolder::rings() const {
  const std::string folder = path_ + "/rings";
  std::vector<std::string> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(folder.c_str()), closedir);
  if (directory == nullptr) return found;
  while (const dirent* entry = readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name.size() > 5 && name.ends_with(".ring")) found.push_back(std::string(folder).append("/").append(name));
  }
  return found;
}

void NodeFolder::drainNotifications() {
  std::array<char, 4096> discarded;
  while (notifyFd_ >= 0 && read(notifyFd_, discarded.data(), discarded.size()) > 0) {
  }
}

}  // namespace heapatlas::collector
