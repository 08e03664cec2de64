// See options.h.
#include "service/options.h"

#include <charconv>

#include "input/node_folder.h"
#include "process/own_folder.h"

namespace heapatlas::collector {

const char* usage() {
  return "usage: heapatlas-collector [--dir DIR] [--listen HOST:PORT --tls DIR [--recordings DIR]]\n"
         "                           [--idle-exit SECONDS] [--replay FOLDER]\n"
         "       heapatlas-collector --init-tls DIR\n"
         "       heapatlas-collector --doctor [--json]\n"
         "\n"
         "Reads what watched programs of this node and user record, and serves it over gRPC on DIR/collector.sock.\n"
         "\n"
         "  --dir DIR            the node folder (default: HEAPATLAS_DIR, or /dev/shm/heapatlas-<uid>)\n"
         "  --listen HOST:PORT   serve on TCP too, with mutual TLS from the folder that --tls names\n"
         "  --tls DIR            folder with ca.crt, server.crt and server.key\n"
         "  --recordings DIR     where recordings lie until whoever asked for them over the network has fetched them\n"
         "                       (default: heapatlas/recordings in XDG_STATE_HOME, or in ~/.local/state)\n"
         "  --replay FOLDER      serve the processes of a recording, which stand still at any of their events\n"
         "  --init-tls DIR       make a CA, a server's and a client's certificate in DIR, and end\n"
         "  --idle-exit SECONDS  end when no client and no program has been there for so long\n"
         "  --doctor [--json]    try what this machine can do, and end\n"
         "  --version, --help\n";
}

Options parseOptions(const std::vector<std::string>& arguments) {
  Options options;
  options.folder = NodeFolder::defaultPath();
  options.recordings = defaultRecordingsFolder();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) throw UsageError(name + " needs a value; see --help");
      return arguments[++i];
    };
    if (name == "--dir")
      options.folder = value();
    else if (name == "--listen")
      options.listen = value();
    else if (name == "--tls")
      options.tlsFolder = value();
    else if (name == "--init-tls")
      options.initTls = value();
    else if (name == "--recordings")
      options.recordings = value();
    else if (name == "--replay")
      options.replay = value();
    else if (name == "--doctor")
      options.doctor = true;
    else if (name == "--json")
      options.json = true;
    else if (name == "--help" || name == "-h")
      options.help = true;
    else if (name == "--version")
      options.version = true;
    else if (name == "--idle-exit") {
      const std::string& text = value();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), options.idleExitSeconds);
      if (error != std::errc() || end != text.data() + text.size() || options.idleExitSeconds == 0) {
        throw UsageError("--idle-exit takes a whole number of seconds, not '" + text + "'");
      }
    } else {
      throw UsageError("unknown argument '" + name + "'; see --help");
    }
  }
  if (options.listen.empty() != options.tlsFolder.empty()) {
    throw UsageError(
        "--listen and --tls go together: TCP is served with mutual TLS only; make certificates with --init-tls");
  }
  if (options.json && !options.doctor) throw UsageError("--json goes with --doctor");
  return options;
}

}  // namespace heapatlas::collector
