/*
 * Keeps the memory of this process private: passwords, keys, links and the
 * figures of other people.
 */
#ifndef RW_BASE_HARDEN_H
#define RW_BASE_HARDEN_H

#include <stdbool.h>

#include "base/err.h"

/* No core dump, neither of this process nor of a command that it becomes or
 * starts, and only root may trace this process or read its memory and
 * environment through /proc. Call first. A command that it becomes can be
 * traced again: execve(2) resets that. RW_BUG when the kernel refuses.
 *
 * Source: prctl(2), PR_SET_DUMPABLE; setrlimit(2), RLIMIT_CORE. */
bool
rw_harden(struct rw_err *err);

#endif
