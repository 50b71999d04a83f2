/* The least that reading kernel files can cost: opens them once, and reads them again and again.
 *
 * Usage: floor INTERVAL_MS EVERY:PATH...    for ever
 *
 * Each file is read in every EVERY-th pass, by one pread, into memory that nobody looks at. Passes lie
 * in the middle between the wall clock's multiples of the interval, on which the collector's are.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM_FILES = 1024, BUFFER_BYTES = 256 * 1024, NANOSECONDS = 1000 * 1000 * 1000 };

static struct file {
  int descriptor;
  long every;
} files[MAXIMUM_FILES];

static char buffer[BUFFER_BYTES];

static void fail(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, errno ? strerror(errno) : "not understood");
  exit(1);
}

static struct file open_file(const char *argument) {
  char *path;
  long every = strtol(argument, &path, 10);
  if (every < 1 || *path != ':') fail(argument);
  struct file file = {open(path + 1, O_RDONLY | O_CLOEXEC), every};
  if (file.descriptor < 0) fail(path + 1);
  return file;
}

static void sleep_until_next(long long interval) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  long long nanoseconds = now.tv_sec * (long long)NANOSECONDS + now.tv_nsec;
  long long next = nanoseconds - nanoseconds % interval + interval * 3 / 2;
  struct timespec until = {next / NANOSECONDS, next % NANOSECONDS};
  clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
}

int main(int count, char **arguments) {
  if (count < 3 || count - 2 > MAXIMUM_FILES) fail("INTERVAL_MS EVERY:PATH...");
  long long interval = atoll(arguments[1]) * 1000 * 1000;
  if (interval < 1) fail(arguments[1]);
  int file_count = count - 2;
  for (int index = 0; index < file_count; index++) files[index] = open_file(arguments[index + 2]);
  for (long pass = 0;; pass++) {
    sleep_until_next(interval);
    for (int index = 0; index < file_count; index++) {
      if (pass % files[index].every == 0) (void)!pread(files[index].descriptor, buffer, sizeof buffer, 0);
    }
  }
}
