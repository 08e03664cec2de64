/* Holds a process as a debugger would: running, or stopped when there is a second argument. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** words) {
  if (count < 2) return 1;
  const int pid = atoi(words[1]);
  const int stops = count > 2;
  if (ptrace(stops ? PTRACE_ATTACH : PTRACE_SEIZE, pid, 0, 0) != 0) return 1;
  if (stops && waitpid(pid, NULL, __WALL) != pid) return 1;
  printf("ready\n");
  fflush(stdout);
  for (;;) pause();
}
