// MADV_POPULATE_READ, which glibc before 2.35 does not define. Source: madvise(2).
#pragma once

#include <sys/mman.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22  // Linux 5.14
#endif
