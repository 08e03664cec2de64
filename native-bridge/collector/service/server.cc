// See server.h.
#include "service/server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "input/ring_file.h"

namespace heapatlas::collector {
namespace {

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file || content.str().empty()) {
    throw InputError("cannot read " + path + "; make certificates with --init-tls DIR and name that folder with --tls");
  }
  return content.str();
}

std::shared_ptr<grpc::ServerCredentials> mutualTls(const std::string& folder) {
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = contentOf(folder + "/ca.crt");
  options.pem_key_cert_pairs.push_back({contentOf(folder + "/server.key"), contentOf(folder + "/server.crt")});
  return grpc::SslServerCredentials(options);
}

}  // namespace

Server::Server(CollectorService& service, const ListenOptions& options)
    : service_(service), socketPath_(options.socketPath) {
  // The lock on the folder says that no other collector uses the socket: one that lies there is a dead one's.
  unlink(socketPath_.c_str());
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  int socket = 0;  // set once it is listened on, which comes first
  builder.AddListeningPort("unix:" + socketPath_, grpc::InsecureServerCredentials(), &socket);
  if (!options.tcpAddress.empty()) builder.AddListeningPort(options.tcpAddress, mutualTls(options.tlsFolder));
  builder.SetMaxReceiveMessageSize(1 << 20);
  // Otherwise a port that another collector listens on is shared with it, and clients meet either.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  const mode_t before = umask(0177);
  server_ = builder.BuildAndStart();
  umask(before);
  if (server_ == nullptr && socket == 0) {
    throw InputError("cannot listen on the socket " + socketPath_ + "; name another folder with --dir");
  }
  if (server_ == nullptr) {
    throw InputError("cannot listen on " + options.tcpAddress +
                     ": the port is in use, or the address is not this machine's; name another with --listen");
  }
  if (chmod(socketPath_.c_str(), 0600) != 0) throw InputError("cannot close the socket " + socketPath_ + " to others");
}

Server::~Server() {
  service_.shutdown();
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
  unlink(socketPath_.c_str());
}

}  // namespace heapatlas::collector
