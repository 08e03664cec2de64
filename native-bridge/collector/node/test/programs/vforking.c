/* Its only thread waits inside the kernel, where nothing stops it, until a file is there. */
#include <unistd.h>

int main(int count, char** words) {
  if (count < 2) return 1;
  const pid_t child = vfork();
  if (child == 0) {
    if (write(1, "ready\n", 6) != 6) _exit(1);
    while (access(words[1], F_OK) != 0) usleep(10000);
    _exit(0);
  }
  return child > 0 ? 7 : 1;
}
