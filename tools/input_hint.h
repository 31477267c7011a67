/*
 * What a line that is no record looks like, and how to make records of it.
 */
#ifndef RW_TOOLS_INPUT_HINT_H
#define RW_TOOLS_INPUT_HINT_H

#include <stddef.h>

/* A message for people; NULL: nothing is known. */
const char *
rw_input_hint(const char *text, size_t len);

#endif
