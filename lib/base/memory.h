/*
 * Exhausted memory: every allocation of this process and its libraries either
 * succeeds or ends the process with status 74 and "out of memory" on standard
 * error. Linking this file is enough, and every program of the project links
 * it.
 */
#ifndef RW_BASE_MEMORY_H
#define RW_BASE_MEMORY_H

/* Makes the kernel allocate the stack that the main thread will need. Call
 * first. */
void
rw_memory_init(void);

#endif
