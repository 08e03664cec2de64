/* Waits in a known chain of calls until it is ended. */
#include <stdio.h>
#include <unistd.h>

__attribute__((noinline)) int deepest(int fd) {
  char byte;
  int got = (int)read(fd, &byte, 1);
  __asm__ volatile("" ::: "memory");
  return got;
}

__attribute__((noinline)) int between(int fd) {
  int got = deepest(fd);
  __asm__ volatile("" ::: "memory");
  return got + 1;
}

int main(void) {
  int pipes[2];
  if (pipe(pipes) != 0) return 1;
  printf("ready\n");
  fflush(stdout);
  return between(pipes[0]);
}
