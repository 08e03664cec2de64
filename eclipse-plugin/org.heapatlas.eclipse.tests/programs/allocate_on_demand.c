// Allocates 256 KiB at each byte that comes through the pipe "steps" of its folder.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  int steps = open("steps", O_RDWR);
  char step;
  while (read(steps, &step, 1) == 1) ((volatile char*)malloc(256 * 1024))[0] = step;
}
