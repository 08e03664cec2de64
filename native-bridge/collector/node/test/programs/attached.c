/* Stands for the runtime in the test of attach: writes what it was given into FOLDER/attached, and allocates, takes
 * the loader's lock and uses vector registers on the way, as the runtime may. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int constructed = 0;
__attribute__((constructor)) static void construct(void) {
  free(malloc(100000));
  constructed = 1;
}

int heapatlas_attach(const char* folder, unsigned mode, const char* session) {
  char path[512];
  double noise[64];
  for (int index = 0; index < 64; ++index) noise[index] = index * 1.7;
  snprintf(path, sizeof path, "%s/attached", folder);
  FILE* file = fopen(path, "w");
  if (file == NULL) return errno;
  fprintf(file, "constructed %d mode %u session %s malloc %d noise %.1f\n", constructed, mode, session,
          dlsym(RTLD_DEFAULT, "malloc") != NULL, noise[10]);
  fclose(file);
  return 0;
}
