// One function a mechanism: does it, looks at the effect, and says what was seen. Entry: the functions; called by
// doctor() in a child process of their own, which may hang or die without harm.
// Must hold: nothing outside the child changes for good; a probe needs no more than some tens of milliseconds.
#pragma once

#include <string>

namespace heapatlas::node {

enum class ProbeState { Works, Ineffective, Absent };

struct Outcome {
  ProbeState state = ProbeState::Absent;
  std::string why;  // one clause
};

inline Outcome works(std::string why) { return {ProbeState::Works, std::move(why)}; }
inline Outcome ineffective(std::string why) { return {ProbeState::Ineffective, std::move(why)}; }
inline Outcome absent(std::string why) { return {ProbeState::Absent, std::move(why)}; }
// The same with the text of errno behind it.
Outcome absentByError(const std::string& what);

// probes_preload.cc
Outcome probePreload();
// probes_memory.cc
Outcome probeSharedMemory();
Outcome probeMemfd();
Outcome probeSharedHugePages();
Outcome probeGuardPages();
Outcome probePageProtection();
Outcome probeProtectionKeys();
Outcome probeMemoryTagging();
// probes_tracking.cc
Outcome probeWriteProtectFaults();
Outcome probeSoftDirty();
// probes_trace.cc
Outcome probePtrace();
Outcome probeReadMemory();
Outcome probeDebugRegisters();
// probes_perf.cc
Outcome probePerfWatchpoint();
Outcome probePerfCounters();
Outcome probePerfSampling();
Outcome probeTimeStampCounter();
// probes_kernel.cc
Outcome probeBpf();
Outcome probeDamon();
Outcome probePressure();
Outcome probeNumaNodes();

}  // namespace heapatlas::node
