/*
 * The fonts that text is drawn with when Windows-1252 cannot write it: DejaVu
 * Sans first, then the installed fonts of Noto, which fontconfig finds.
 *
 * The same fonts give the same choice, whatever was drawn before: Noto's fonts
 * are asked in the order of their names, those without serifs first. Fonts of
 * bitmaps (colour emoji) are not used. One object serves all threads.
 *
 * Errors: none; a font that cannot be used is passed over.
 * Source: https://www.freedesktop.org/software/fontconfig/fontconfig-devel/
 */
#ifndef RW_WIRE_FONTS_H
#define RW_WIRE_FONTS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/face.h"

struct rw_fonts;

/* Han characters look different in each country. */
enum rw_han {
	RW_HAN_CHINESE,
	RW_HAN_JAPANESE,	/* beside kana */
	RW_HAN_KOREAN,		/* beside hangul */
};

/* dir: of DejaVuSans.ttf and DejaVuSans-Bold.ttf; borrowed. No font is opened
 * before it is needed. NULL when there is no memory. */
struct rw_fonts *
rw_fonts_new(const char *dir);

/* Accepts NULL. */
void
rw_fonts_delete(struct rw_fonts *fonts);

/* The font for a character, in the weight that is wanted if there is one; NULL:
 * no font has it. Lives as long as fonts. */
const struct rw_face *
rw_fonts_find(struct rw_fonts *fonts, uint32_t c, bool bold, enum rw_han han);

#endif
