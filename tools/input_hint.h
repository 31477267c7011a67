/*
 * Recognises common forms of input that are not JSON lines, and says how to
 * convert them.
 */
#ifndef RW_TOOLS_INPUT_HINT_H
#define RW_TOOLS_INPUT_HINT_H

#include <stddef.h>

/* A message for people; NULL: the form is unknown. */
const char *
rw_input_hint(const char *text, size_t len);

#endif
