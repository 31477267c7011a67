/*
 * Keeps the memory of this process private: it contains passwords, keys, links
 * and other people's figures.
 */
#ifndef RW_BASE_HARDEN_H
#define RW_BASE_HARDEN_H

#include <stdbool.h>

#include "base/err.h"

/* Disables core dumps, of this process and of every command that it executes or
 * starts. From then on, only root may trace this process, or read its memory
 * and environment through /proc; execve(2) removes this second protection. Call
 * first. RW_BUG when the kernel refuses.
 *
 * Source: prctl(2), PR_SET_DUMPABLE; setrlimit(2), RLIMIT_CORE. */
bool
rw_harden(struct rw_err *err);

#endif
