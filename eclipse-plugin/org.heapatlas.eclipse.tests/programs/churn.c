// Allocates and releases all the time, so that every view has something new at each of its frames.
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  static void* kept[4096];
  for (unsigned i = 0;; i = i * 1664525 + 1013904223) {
    void** one = &kept[i >> 20];
    free(*one);
    *one = malloc(16 + (i >> 8 & 4095));
    if ((i >> 16 & 63) == 0) usleep(100);
  }
}
