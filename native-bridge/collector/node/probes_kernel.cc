// What the kernel offers beside the process: eBPF, DAMON, pressure, NUMA. See probes.h.
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "node/probes.h"
#include "node/proc.h"
#include "node/text_file.h"

namespace heapatlas::node {
namespace {

constexpr std::uint32_t kAnswer = 42;

int bpf(int command, bpf_attr& attribute) {
  return static_cast<int>(syscall(SYS_bpf, command, &attribute, sizeof attribute));
}

// A program that answers 42, checked and loaded by the kernel; -1 with errno.
int loadedProgram() {
  const std::array<bpf_insn, 2> code = {{
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = kAnswer},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
  }};
  static constexpr char kLicence[] = "Apache-2.0";
  bpf_attr load{};
  load.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  load.insns = reinterpret_cast<std::uintptr_t>(code.data());
  load.insn_cnt = code.size();
  load.license = reinterpret_cast<std::uintptr_t>(kLicence);
  return bpf(BPF_PROG_LOAD, load);
}

}  // namespace

Outcome probeBpf() {
  const int program = loadedProgram();
  if (program < 0) return absentByError("no program can be loaded");
  std::array<std::uint8_t, 64> packet{};
  bpf_attr run{};
  run.test.prog_fd = static_cast<std::uint32_t>(program);
  run.test.data_in = reinterpret_cast<std::uintptr_t>(packet.data());
  run.test.data_size_in = packet.size();
  if (bpf(BPF_PROG_TEST_RUN, run) != 0) return absentByError("a program was loaded but cannot be run");
  if (run.test.retval != kAnswer) return ineffective("a program ran but gave a wrong answer");
  const bool types = access("/sys/kernel/btf/vmlinux", R_OK) == 0;
  return types ? works("a program was loaded and ran; the kernel's types (BTF) are there")
               : ineffective("a program ran, but the kernel's types (BTF) are missing");
}

Outcome probeDamon() {
  const std::string count = "/sys/kernel/mm/damon/admin/kdamonds/nr_kdamonds";
  if (access(count.c_str(), F_OK) != 0) return absent("the kernel was built without it");
  if (access(count.c_str(), W_OK) != 0) return absent("it is there, but only root may use it");
  // Starting it would take it from whoever uses it now: the interface is one for the whole machine.
  if (numberOf(readText(count, 16).value_or("")) > 0) return works("its interface may be written, and is in use now");
  return works("its interface may be written; it was not started");
}

Outcome probePressure() {
  const int file = open("/proc/pressure/memory", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (file < 0 && errno == EACCES) return absent("/proc/pressure/memory may not be opened for a trigger");
  if (file < 0) return absent("the kernel was built or started without it");
  std::array<char, 256> text{};
  if (read(file, text.data(), text.size() - 1) <= 0) return absentByError("/proc/pressure/memory cannot be read");
  static constexpr char kTrigger[] = "some 150000 2000000";
  if (write(file, kTrigger, sizeof kTrigger) < 0) return ineffective("figures are given, but no trigger is accepted");
  return works("figures are given, and a trigger was accepted");
}

Outcome probeNumaNodes() {
  const std::size_t nodes = numaNodes();
  if (nodes > 1) return works("nodes 0 to " + std::to_string(nodes - 1));
  return absent(nodes == 1 ? "this machine has one node" : "the kernel was built without NUMA");
}

}  // namespace heapatlas::node
