// See certificates.h. openssl runs with fixed arguments, without a shell.
#include "service/certificates.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "input/ring_file.h"
#include "node/proc.h"

namespace heapatlas::collector {
namespace {

constexpr const char* kDays = "3650";

void runOpenssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = posix_spawnp(&child, "openssl", &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw InputError(std::string("cannot run openssl (is it installed?): ") + std::strerror(error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw InputError("openssl could not make the certificates (openssl " + arguments[1] + " failed)");
}

void newKey(const std::string& path) {
  runOpenssl({"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path});
}

// A certificate for a key, signed by the CA. purpose: serverAuth or clientAuth.
void signedCertificate(const std::string& folder, const std::string& name, const std::string& purpose,
                       const std::string& names) {
  const std::string base = folder + "/" + name;
  newKey(base + ".key");
  runOpenssl({"req", "-new", "-key", base + ".key", "-subj", "/CN=heapatlas-" + name, "-out", base + ".csr"});
  {
    std::ofstream extensions(base + ".ext");
    extensions << "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=" << purpose << '\n';
    if (!names.empty()) extensions << "subjectAltName=" << names << '\n';
  }
  runOpenssl({"x509", "-req", "-in", base + ".csr", "-CA", folder + "/ca.crt", "-CAkey", folder + "/ca.key",
              "-CAcreateserial", "-days", kDays, "-extfile", base + ".ext", "-out", base + ".crt"});
  unlink((base + ".csr").c_str());
  unlink((base + ".ext").c_str());
}

std::string serverNames() { return "DNS:" + node::hostName() + ",DNS:localhost,IP:127.0.0.1,IP:::1"; }

}  // namespace

void makeCertificates(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw InputError("cannot make the folder " + folder + ": " + std::strerror(errno));
  }
  if (access((folder + "/ca.key").c_str(), F_OK) == 0) {
    throw InputError(folder + " has certificates already; name another folder or remove them first");
  }
  if (chmod(folder.c_str(), 0700) != 0) throw InputError("cannot close " + folder + " to others");
  const mode_t before = umask(0077);
  newKey(folder + "/ca.key");
  runOpenssl({"req", "-x509", "-new", "-key", folder + "/ca.key", "-subj", "/CN=heapatlas-ca", "-days", kDays,
              "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", folder + "/ca.crt"});
  signedCertificate(folder, "server", "serverAuth", serverNames());
  signedCertificate(folder, "client", "clientAuth", "");
  umask(before);
}

}  // namespace heapatlas::collector
