// The one error of this folder: a whole sentence for the user, and a kind that the service maps to a gRPC status.
// Thrown by every function here whose comment says so.
#pragma once

#include <stdexcept>
#include <string>

namespace heapatlas::node {

enum class ErrorKind {
  NotFound,     // no such process or thread, or it has ended
  Denied,       // the kernel or its policy refuses
  Unsupported,  // cannot be done to this process, whoever asks
  Failed,       // was tried and went wrong
};

class NodeError : public std::runtime_error {
 public:
  NodeError(ErrorKind kind, const std::string& sentence) : std::runtime_error(sentence), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace heapatlas::node
