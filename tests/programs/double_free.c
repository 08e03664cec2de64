/* A pool of connections with a bug: a connection that was closed is dropped as idle, too. Between the two releases
 * another one is closed, so that glibc's own check does not see it.
 * Usage: double_free [SECONDS], which it sleeps behind that. */
#include <stdlib.h>
#include <unistd.h>

enum { kConnections = 10, kBytes = 40 };

static char *open_connection(void) { return malloc(kBytes); }

static void close_connection(char *connection) { free(connection); }

static void drop_idle(char *connection) { free(connection); }

int main(int argc, char **argv) {
  char *connections[kConnections];
  for (int i = 0; i < kConnections; ++i) connections[i] = open_connection();
  for (int i = 0; i < kConnections; ++i) close_connection(connections[i]);
  drop_idle(connections[kConnections - 2]);
  if (write(STDOUT_FILENO, "done\n", 5) != 5) return 1;
  if (argc > 1) sleep((unsigned)atoi(argv[1]));
  return 0;
}
