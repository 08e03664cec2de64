// Finds out what this machine really does, by doing it: the kernel of a virtual machine accepts calls that then have
// no effect. Entry: doctor, called by `heapatlas-collector --doctor`, by the service and at its start.
// Must hold: every test runs in a child with a time limit, so that none can hang, kill or change the caller; the
// whole takes at most three seconds. Forking copies page tables: call it at the start, before the tables grow.
#pragma once

#include <string>
#include <vector>

namespace heapatlas::node {

struct Capability {
  std::string name;
  std::string state;  // works | ineffective | absent
  std::string why;    // one clause: what was seen
  std::string
      usedInstead;  // what HeapAtlas uses where this does not work; empty: nothing is lost or nothing replaces it
};

std::vector<Capability> doctor();
// The same as a JSON array of {"name", "state", "why", "usedInstead"}.
std::string toJson(const std::vector<Capability>& capabilities);

}  // namespace heapatlas::node
