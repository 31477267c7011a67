/*
 * How long rw-report lets a stage run before it ends the stage.
 */
#ifndef RW_TOOLS_STAGE_LIMIT_H
#define RW_TOOLS_STAGE_LIMIT_H

#include <stdint.h>

/* seconds for the first 60 lines of the stage's input, and as many for each 60
 * further lines; six times as long for rw-list, since the number of lines from a
 * database is not known in advance; and for uploads a second for each 16 KiB of
 * the files below dir. */
uint64_t
rw_stage_limit(const char *stage, uint64_t seconds, const char *input,
	const char *dir);

#endif
