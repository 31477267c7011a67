/*
 * Memory that is given back all at once: the strings of one record.
 */
#ifndef RW_BASE_ARENA_H
#define RW_BASE_ARENA_H

#include <stddef.h>

struct rw_arena_chunk;

struct rw_arena {
	struct rw_arena_chunk *chunks;	/* newest first; {0} is an empty arena */
};

/* size bytes, aligned for any type, that stay where they are until the arena
 * is reset; NULL when there is no memory. */
void *
rw_arena_get(struct rw_arena *arena, size_t size);

/* A copy of len bytes, terminated by a NUL; NULL when there is no memory. */
char *
rw_arena_copy(struct rw_arena *arena, const char *bytes, size_t len);

/* Takes back all that was given; keeps one chunk for the next round. */
void
rw_arena_reset(struct rw_arena *arena);

void
rw_arena_free(struct rw_arena *arena);

#endif
