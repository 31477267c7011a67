#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 4096 };

struct rw_arena_chunk {
	struct rw_arena_chunk *older;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

static struct rw_arena_chunk *
add_chunk(struct rw_arena *arena, size_t size)
{
	size_t room = size > CHUNK ? size : CHUNK;
	struct rw_arena_chunk *chunk = malloc(sizeof *chunk + room);

	if (chunk == NULL)
		return NULL;
	chunk->older = arena->chunks;
	chunk->size = room;
	chunk->used = 0;
	arena->chunks = chunk;
	return chunk;
}

void *
rw_arena_get(struct rw_arena *arena, size_t size)
{
	struct rw_arena_chunk *chunk = arena->chunks;
	void *place;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (chunk == NULL || chunk->size - chunk->used < size)
		chunk = add_chunk(arena, size);
	if (chunk == NULL)
		return NULL;
	place = chunk->bytes + chunk->used;
	chunk->used += size;
	return place;
}

char *
rw_arena_copy(struct rw_arena *arena, const char *bytes, size_t len)
{
	char *copy = rw_arena_get(arena, len + 1);

	if (copy == NULL)
		return NULL;
	if (len > 0)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

void
rw_arena_reset(struct rw_arena *arena)
{
	struct rw_arena_chunk *chunk, *older;

	for (chunk = arena->chunks; chunk != NULL; chunk = older) {
		older = chunk->older;
		if (older == NULL && chunk->size == CHUNK) {
			chunk->used = 0;
			arena->chunks = chunk;
			return;
		}
		free(chunk);
	}
	arena->chunks = NULL;
}

void
rw_arena_free(struct rw_arena *arena)
{
	struct rw_arena_chunk *older;

	for (; arena->chunks != NULL; arena->chunks = older) {
		older = arena->chunks->older;
		free(arena->chunks);
	}
}
