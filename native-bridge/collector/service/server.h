// Serves CollectorService on the node folder's Unix socket and, when asked, on TCP with mutual TLS.
// Entry: Server, made by main. Must hold: the socket is 0600 in a 0700 folder; TCP is never served without client
// certificates.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "service/collector_service.h"

namespace heapatlas::collector {

struct ListenOptions {
  std::string socketPath;
  std::string tcpAddress;  // HOST:PORT; empty: the socket alone
  std::string tlsFolder;   // with ca.crt, server.crt, server.key
};

class Server {
 public:
  // Throws InputError: an address in use, a missing certificate.
  Server(CollectorService& service, const ListenOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  CollectorService& service_;
  std::string socketPath_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace heapatlas::collector
