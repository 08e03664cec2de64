/* A program that notices when somebody disturbs it: a call that ends with EINTR, a sum that comes out different, a
 * block whose bytes changed. Runs until SIGUSR1, then ends with 0, or with what went wrong. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stop = 0;
static void on_signal(int number) {
  (void)number;
  stop = 1;
}

static void* allocate(void* argument) {
  unsigned seed = (unsigned)(size_t)argument;
  while (!stop) {
    size_t size = (size_t)(rand_r(&seed) % 5000 + 1);
    unsigned char* block = malloc(size);
    memset(block, (int)(size & 255), size);
    if (block[size / 2] != (size & 255)) _exit(10);
    free(block);
  }
  return NULL;
}

static double sum(void) {
  double all = 0;
  for (int index = 1; index < 20000; ++index) all += sqrt((double)index) / (all + 1.5);
  return all;
}

static void* compute(void* argument) {
  const double expected = sum();
  (void)argument;
  while (!stop) {
    if (sum() != expected) _exit(11);
  }
  return NULL;
}

static void* wait_long(void* argument) {
  struct timespec start, end, pause = {0, 300 * 1000 * 1000};
  (void)argument;
  while (!stop) {
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (nanosleep(&pause, NULL) != 0 && !stop) _exit(12);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double took = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9;
    if (took < 0.299 && !stop) _exit(13);
  }
  return NULL;
}

int main(int count, char** words) {
  signal(SIGUSR1, on_signal);
  /* Only the main thread takes the signal: where another one does, the main thread's call may end before the handler
   * there has run, and look like a disturbance. */
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &end, NULL);
  pthread_t threads[4];
  pthread_create(&threads[0], NULL, allocate, (void*)1);
  pthread_create(&threads[1], NULL, allocate, (void*)2);
  pthread_create(&threads[2], NULL, compute, NULL);
  pthread_create(&threads[3], NULL, wait_long, NULL);
  pthread_sigmask(SIG_UNBLOCK, &end, NULL);
  int poll = epoll_create1(0);
  struct epoll_event event;
  printf("ready\n");
  fflush(stdout);
  (void)count;
  (void)words;
  while (!stop) {
    if (epoll_wait(poll, &event, 1, 200) < 0 && !stop) _exit(14);
  }
  for (int index = 0; index < 4; ++index) pthread_join(threads[index], NULL);
  return 0;
}
