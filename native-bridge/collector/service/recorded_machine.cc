// See recorded_machine.h.
#include "service/recorded_machine.h"

#include <google/protobuf/util/json_util.h>

#include "collector.pb.h"

namespace heapatlas::collector {

// The list is named, and its entries are, as in DoctorReply.
std::vector<node::Capability> recordedCapabilities(const std::string& description) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  heapatlas::v1::DoctorReply recorded;
  if (!google::protobuf::util::JsonStringToMessage(description, &recorded, options).ok()) return {};
  std::vector<node::Capability> capabilities;
  for (const heapatlas::v1::Capability& each : recorded.capabilities()) {
    capabilities.push_back({each.name(), each.state(), each.why(), each.used_instead()});
  }
  return capabilities;
}

}  // namespace heapatlas::collector
