/*
 * For static analyzers, which see one file at a time: what the functions of
 * base/err.h return, so that no path goes on after a failure as if there had
 * been none. Included by "make analyze" before each file but err.c.
 */
#ifndef RW_TESTS_ANALYZE_H
#define RW_TESTS_ANALYZE_H

#include <errno.h>

#include "base/err.h"

#define rw_fail(...) ((void)(rw_fail)(__VA_ARGS__), false)
#define rw_fail_errno(...) ((void)(rw_fail_errno)(__VA_ARGS__), false)
#define rw_fail_memory(...) ((void)(rw_fail_memory)(__VA_ARGS__), false)
#define rw_err_prefix(...) ((void)(rw_err_prefix)(__VA_ARGS__), false)

#endif
