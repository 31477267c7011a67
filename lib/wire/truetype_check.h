/*
 * Checks a TrueType font before libharu reads it. libharu does not check a
 * font's numbers: with a font that forbids embedding, has no units, or has
 * glyphs that contain themselves, the process would end or loop for ever.
 *
 * Source: OpenType specification 1.9, tables head, hhea, hmtx, maxp, loca, glyf
 * and OS/2.
 */
#ifndef RW_WIRE_TRUETYPE_CHECK_H
#define RW_WIRE_TRUETYPE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Flags of a component of a composite glyph. */
enum {
	RW_COMPONENT_WORDS = 0x0001,	/* two arguments of 16 bits */
	RW_COMPONENT_SCALE = 0x0008,
	RW_COMPONENT_MORE = 0x0020,	/* another component follows */
	RW_COMPONENT_TWO_SCALES = 0x0040,
	RW_COMPONENT_MATRIX = 0x0080,
};

/* No font needs components nested more deeply. */
enum { RW_COMPONENT_DEPTH = 6 };

/* Bytes of the description of one component. */
unsigned
rw_component_length(unsigned flags);

/* RW_DATA names the font and its fault: the license forbids embedding, the font
 * is damaged, or a glyph has too many components. */
bool
rw_truetype_check(const void *font, size_t len, const char *name,
	struct rw_err *err);

#endif
