/* Holds a process as a debugger would. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(int count, char** words) {
  if (count < 2 || ptrace(PTRACE_SEIZE, atoi(words[1]), 0, 0) != 0) return 1;
  printf("ready\n");
  fflush(stdout);
  for (;;) pause();
}
