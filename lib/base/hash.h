/*
 * FNV-1a, in 32 and 64 bits. Bytes can be hashed in several pieces: begin with
 * the START of the width, and pass each result to the next call. An attacker
 * can make collisions.
 *
 * Neither function may ever change: the ledger stores 32-bit hashes
 * (ledger/claim_fill.c), and 64-bit ones assign followers to the shares of
 * --shard (rw_text_hash).
 *
 * Source: http://www.isthe.com/chongo/tech/comp/fnv/
 */
#ifndef RW_BASE_HASH_H
#define RW_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define RW_HASH32_START UINT32_C(2166136261)
#define RW_HASH64_START UINT64_C(14695981039346656037)

static inline uint32_t
rw_hash32(uint32_t hash, const char *bytes, size_t len)
{
	for (; len > 0; bytes++, len--)
		hash = (hash ^ (unsigned char)*bytes) * UINT32_C(16777619);
	return hash;
}

static inline uint64_t
rw_hash64(uint64_t hash, const char *bytes, size_t len)
{
	for (; len > 0; bytes++, len--)
		hash = (hash ^ (unsigned char)*bytes) *
			UINT64_C(1099511628211);
	return hash;
}

#endif
