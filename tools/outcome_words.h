/*
 * The messages of the stages of a run, for people.
 */
#ifndef RW_TOOLS_OUTCOME_WORDS_H
#define RW_TOOLS_OUTCOME_WORDS_H

#include "base/buf.h"

/* Appends the messages of the stage of the run in dir: each cause once, with its
 * count, and what other programs wrote; no more lines than a screen can hold. */
void
rw_outcome_add_words(struct rw_buf *out, const char *dir, const char *stage);

#endif
