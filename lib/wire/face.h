/*
 * One font of a file, TrueType or OpenType/CFF, alone or in a collection: which
 * characters it has, and the outlines of its glyphs.
 *
 * The file is read into memory and never believed: HarfBuzz checks each table
 * before it uses it, and an outline is refused when it has too many points or
 * one far outside. A face can be used by several threads at once.
 *
 * Errors: RW_DATA for a file that is not a font, has no outlines or forbids
 * embedding; RW_CONFIG, RW_IO for one that cannot be read.
 * Source: OpenType specification 1.9; https://harfbuzz.github.io
 */
#ifndef RW_WIRE_FACE_H
#define RW_WIRE_FACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct hb_font_t;

struct rw_face {
	struct hb_font_t *font;	/* in units of the font */
	unsigned upem;		/* units in a size of 1 */
};

/* index: which font of a collection, in the low 16 bits; above them which named
 * instance of a variable font, from 1. */
bool
rw_face_open(struct rw_face *face, const char *path, unsigned index,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_face_close(struct rw_face *face);

/* The glyph of a character; 0: the font has none. */
uint32_t
rw_face_glyph(const struct rw_face *face, uint32_t c);

/* In thousandths of the size. */
struct rw_outline {
	struct rw_buf path;	/* operators of a PDF path, without the fill;
				 * empty for a blank */
	int left, bottom, right, top;
};

/* The outline of a glyph; outline is {0} or was used before. False: it cannot
 * be drawn. */
bool
rw_face_outline(const struct rw_face *face, uint32_t glyph,
	struct rw_outline *outline);

/* Whether the character has a glyph with an outline. */
bool
rw_face_draws(const struct rw_face *face, uint32_t c);

#endif
