/* Processes that do nothing, for a collector to look at: COUNT of them, of which BUSY use the processor now and then.
 *
 * Usage: crowd COUNT BUSY
 *
 * Prints a line when all are there. They end with this program, however it ends.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static void live(int is_busy) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (!is_busy) pause();
  for (;;) {
    clock_t end = clock() + CLOCKS_PER_SEC / 200;
    while (clock() < end) {}
    usleep(1000 * 1000);
  }
}

int main(int count, char **arguments) {
  if (count != 3) return fprintf(stderr, "usage: crowd COUNT BUSY\n"), 2;
  int busy = atoi(arguments[2]);
  for (int number = 0; number < atoi(arguments[1]); number++) {
    pid_t child = fork();
    if (child < 0) return perror("crowd: fork"), 1;
    if (child == 0) live(number < busy);
  }
  puts("there");
  fflush(stdout);
  pause();
}
