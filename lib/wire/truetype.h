/*
 * Makes a small TrueType font of a large one: the glyphs of some characters,
 * in a file of its own with the tables that a PDF document needs.
 *
 * DejaVu Sans has six thousand glyphs, of which a name takes twenty; but the
 * tables that are indexed by glyph, and the glyphs' names, are embedded whole
 * into each document, 140 kB of them. Pure; every offset in the font is
 * checked.
 *
 * Errors: RW_DATA, when it is no TrueType font, or not a whole one.
 * Source: OpenType specification 1.9 (tables cmap, glyf, head, hhea, hmtx, loca,
 * maxp, name, post).
 */
#ifndef RW_WIRE_TRUETYPE_H
#define RW_WIRE_TRUETYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the small font to out. keep says which characters below U+10000 to
 * keep; name is the font's PostScript name. */
bool
rw_truetype_reduce(const void *font, size_t len, const char *name,
	bool (*keep)(uint32_t c), struct rw_buf *out, struct rw_err *err);

#endif
