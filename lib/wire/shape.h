/*
 * Text of any script as glyphs in the order in which they are drawn: which font
 * each character takes, from right to left where the script is written so, with
 * the forms, ligatures and marks of the script.
 *
 * Source: Unicode 15.0, UAX 9 and UAX 24; https://harfbuzz.github.io,
 * https://github.com/fribidi/fribidi
 */
#ifndef RW_WIRE_SHAPE_H
#define RW_WIRE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/fonts.h"

enum { RW_SHAPE_MAX = 1024 };	/* characters of a text, and glyphs */

/* A glyph, in units of its font. */
struct rw_glyph {
	const struct rw_face *face;
	uint32_t id;
	int advance, right, up;		/* up and right: where it is drawn */
	/* The characters that this glyph and the next ones of its cluster show;
	 * count 0: those of the glyph before. */
	const uint32_t *characters;	/* of the shape */
	unsigned count;
};

struct rw_shape {
	uint32_t characters[RW_SHAPE_MAX];
	size_t length;
	struct rw_glyph glyphs[RW_SHAPE_MAX];	/* from left to right */
	size_t count;
};

enum rw_direction {
	RW_DIRECTION_AUTO,	/* that of the first letter */
	RW_DIRECTION_LEFT,	/* from left to right */
	RW_DIRECTION_RIGHT,
};

/* That of the text's first letter. */
enum rw_direction
rw_shape_direction(const char *text);

/* Shapes a text of one line. False when a character has no font, a font has no
 * glyph after all, or the text is too long. */
bool
rw_shape_make(struct rw_shape *shape, struct rw_fonts *fonts, const char *text,
	bool bold, enum rw_direction direction);

/* Which Han characters fit to the rest of the text. */
enum rw_han
rw_shape_han(const char *text);

#endif
