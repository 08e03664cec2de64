/* Adds numbers up, step by step: what a debugger shows of it is known beforehand. */
#include <stdio.h>

struct sums {
  int count;
  long total;
  char name[8];
};

static void add(struct sums *sums, int number) {
  sums->count++;
  sums->total += number;
}

int main(void) {
  int numbers[200];
  struct sums sums = {0, 0, "squares"};
  for (int i = 0; i < 200; i++) numbers[i] = i * i;
  for (int i = 0; i < 3; i++) {
    add(&sums, numbers[i + 1]);
  }
  printf("%d numbers, %ld\n", sums.count, sums.total);
  return 7;
}
