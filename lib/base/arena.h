/*
 * Memory that is freed all at once: the strings of one record.
 */
#ifndef RW_BASE_ARENA_H
#define RW_BASE_ARENA_H

#include <stddef.h>

struct rw_arena_chunk;

struct rw_arena {
	struct rw_arena_chunk *chunks;	/* newest first; {0} is an empty arena */
};

/* Allocates size bytes, aligned for any type. They are valid until the arena is
 * reset. NULL when there is no memory. */
void *
rw_arena_get(struct rw_arena *arena, size_t size);

/* A copy of len bytes, terminated by a NUL; NULL when there is no memory. */
char *
rw_arena_copy(struct rw_arena *arena, const char *bytes, size_t len);

/* Frees everything that was allocated, but keeps one chunk for reuse. */
void
rw_arena_reset(struct rw_arena *arena);

void
rw_arena_free(struct rw_arena *arena);

#endif
