/*
 * Makes a small TrueType font from a large one: the glyphs of some characters,
 * with the tables that a PDF document needs.
 *
 * DejaVu Sans has six thousand glyphs, of which a name needs twenty. But
 * libharu embeds the complete tables that are indexed by glyph, and all glyph
 * names, in each document: 140 kB.
 *
 * The same characters with the same glyphs give the same bytes for every build
 * of the font package, because its dates are left out.
 *
 * Errors: RW_DATA when the file is not a complete TrueType font, or fails
 * rw_truetype_check; RW_IO when there is no memory. Source: OpenType
 * specification 1.9; https://harfbuzz.github.io (hb-subset).
 */
#ifndef RW_WIRE_TRUETYPE_H
#define RW_WIRE_TRUETYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Characters from first to last, both included. */
struct rw_char_range {
	uint32_t first, last;
};

/* Appends to out a small font with the characters of the n ranges. name is for
 * messages. */
bool
rw_truetype_reduce(const void *font, size_t len, const char *name,
	const struct rw_char_range *ranges, size_t n, struct rw_buf *out,
	struct rw_err *err);

#endif
