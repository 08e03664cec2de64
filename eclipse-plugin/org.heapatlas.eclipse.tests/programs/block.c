/* Allocates and releases one block of a size of its own, among others, and writes into the file that is named where it
   lay. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count != 2) return 2;
  void *other = malloc(100);
  void *block = malloc(4242);
  int place = open(words[1], O_WRONLY | O_CREAT, 0600);
  dprintf(place, "%p", block);
  close(place);
  free(other);
  free(block);
  other = malloc(100);
  free(other);
  return 0;
}
