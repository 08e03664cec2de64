// Holds many small blocks until it is told to end. Usage: holder COUNT. Sizes are 16 to 79
// bytes, each in turn; there is a line on stdout once all are held.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void** hold(size_t count) {
  void** held = malloc(count * sizeof *held);
  if (held == NULL) return NULL;
  for (size_t i = 0; i < count; ++i) {
    held[i] = malloc(16 + i % 64);
    if (held[i] == NULL) return NULL;
  }
  return held;
}

int main(int argc, char** argv) {
  const size_t count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
  if (count == 0) return fprintf(stderr, "usage: holder COUNT\n"), 2;
  void** held = hold(count);
  if (held == NULL) return fprintf(stderr, "holder: %zu blocks do not fit into memory\n", count), 1;
  printf("holds %zu blocks\n", count);
  fflush(stdout);
  pause();
  return held[count - 1] == NULL;
}
