// What the disk takes at least for a durable write, as the journal makes it: O_DIRECT|O_DSYNC into a
// file that was filled with zeros and synced before, one write after another.
//
// sync DIRECTORY SECONDS    prints one line of JSON: the median of one 4 KiB write, and the throughput
// of 1 MiB writes. Where the file system refuses direct I/O, buffered writes with fdatasync.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 4096, CHUNK = 1 << 20, FILE_SIZE = 64 << 20, MOST_WRITES = 1 << 20 };

static void fail(const char *what) {
  fprintf(stderr, "sync: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void *aligned(size_t size, int byte) {
  void *memory = aligned_alloc(BLOCK, size);
  if (memory == NULL) fail("memory");
  return memset(memory, byte, size);
}

static void fill_with_zeros(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) fail(path);
  void *zeros = aligned(CHUNK, 0);
  for (off_t at = 0; at < FILE_SIZE; at += CHUNK)
    if (pwrite(fd, zeros, CHUNK, at) != CHUNK) fail("filling");
  if (fsync(fd) != 0) fail("fsync");
  close(fd);
  free(zeros);
}

static int open_synced(const char *path, bool *direct) {
  int fd = open(path, O_WRONLY | O_DIRECT | O_DSYNC);
  *direct = fd >= 0;
  if (fd < 0) fd = open(path, O_WRONLY);
  if (fd < 0) fail(path);
  return fd;
}

static double timed_write(int fd, bool direct, const void *data, size_t size, off_t at) {
  double start = now();
  if (pwrite(fd, data, size, at) != (ssize_t)size) fail("pwrite");
  if (!direct && fdatasync(fd) != 0) fail("fdatasync");
  return now() - start;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: sync DIRECTORY SECONDS\n");
    return 2;
  }
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/sync.data", arguments[1]);
  double seconds = atof(arguments[2]) / 2;  // Half for each figure.
  fill_with_zeros(path);
  bool direct;
  int fd = open_synced(path, &direct);
  unlink(path);

  void *data = aligned(CHUNK, 0x5A);
  double *times = calloc(MOST_WRITES, sizeof *times);
  size_t writes = 0;
  for (double end = now() + seconds; writes < MOST_WRITES && (writes == 0 || now() < end); writes++)
    times[writes] = timed_write(fd, direct, data, BLOCK, (off_t)(writes * BLOCK % FILE_SIZE));
  qsort(times, writes, sizeof *times, ascending);

  double written = 0, taken = 0;
  for (off_t at = 0; taken < seconds; at = (at + CHUNK) % FILE_SIZE, written += CHUNK)
    taken += timed_write(fd, direct, data, CHUNK, at);

  printf("{\"mode\":\"%s\",\"writes\":%zu,\"p50_us\":%.1f,\"p99_us\":%.1f,\"bytes_per_s\":%.0f}\n",
         direct ? "O_DIRECT|O_DSYNC" : "fdatasync", writes, times[writes / 2] * 1e6,
         times[writes * 99 / 100] * 1e6, written / taken);
}
