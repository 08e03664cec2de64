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
  builder.AddListeningPort("unix:" + socketPath_, grpc::InsecureServerCredentials());
  int tcpPort = -1;
  if (!options.tcpAddress.empty()) {
    builder.AddListeningPort(options.tcpAddress, mutualTls(options.tlsFolder), &tcpPort);
  }
  builder.SetMaxReceiveMessageSize(1 << 20);
  const mode_t before = umask(0177);
  server_ = builder.BuildAndStart();
  umask(before);
  if (server_ == nullptr || tcpPort == 0) {
    throw InputError(options.tcpAddress.empty() ? "cannot listen on the socket " + socketPath_
                                                : "cannot listen on " + options.tcpAddress + " or on the socket " +
                                                      socketPath_ + "; is the port in use?");
  }
  if (chmod(socketPath_.c_str(), 0600) != 0) throw InputError("cannot close the socket " + socketPath_ + " to others");
}

Server::~Server() {
  service_.shutdown();
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
  unlink(socketPath_.c_str());
}

}  // namespace heapatlas::collector
