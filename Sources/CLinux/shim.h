// Headers of the C library that Swift's Glibc module leaves out.
#include <malloc.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/types.h>

// <link.h> declares dl_iterate_phdr for GNU programs only. Not by _GNU_SOURCE: with that, fd_set is another struct
// than in Swift's Glibc module, and a program that sees both does not compile.
#ifndef __USE_GNU
#define __USE_GNU 1
#include <link.h>
#undef __USE_GNU
#else
#include <link.h>
#endif
