// Makes what mutual TLS needs: a CA, a certificate for this node's collector, one for its clients.
// Entry: makeCertificates, called by main for --init-tls. Must hold: keys are 0600 in a 0700 folder; nothing that is
// there is overwritten.
#pragma once

#include <string>

namespace heapatlas::collector {

// DIR/ca.{crt,key}, server.{crt,key}, client.{crt,key}. Throws InputError.
void makeCertificates(const std::string& folder);

}  // namespace heapatlas::collector
