/*
 * Two things about TrueType fonts that libharu 2.3 does not do: it reads past
 * the end of a file that is no font, and it embeds the parts of a composed
 * glyph but not the parts of those, so that a Vietnamese vowel came without
 * its marks.
 *
 * Source: OpenType specification, "The OpenType Font File", table glyf.
 */
#include <hpdf.h>
#include <hpdf_fontdef.h>
#include <stdio.h>
#include <string.h>

#include "wire/pdf_parts.h"

enum {
	WORDS = 0x0001,		/* flags of a part: two arguments of 16 bits */
	SCALE = 0x0008,
	MORE = 0x0020,
	TWO_SCALES = 0x0040,
	MATRIX = 0x0080,
	DEPTH = 6,		/* no font nests as deep */
};

/* ---- is it a font? ----------------------------------------------------- */

static unsigned long
long_at(const unsigned char *bytes)
{
	return (unsigned long)bytes[0] << 24 | (unsigned long)bytes[1] << 16 |
		(unsigned long)bytes[2] << 8 | bytes[3];
}

/* True when the tables that libharu asks for stand in the directory and lie
 * inside the file. */
static bool
has_tables(const unsigned char *directory, size_t tables,
	unsigned long size)
{
	static const char needed[][5] = {"OS/2", "cmap", "glyf", "head", "hhea",
		"hmtx", "loca", "maxp", "name", "post"};
	size_t i, j, found = 0;

	for (i = 0; i < tables; i++, directory += 16)
		for (j = 0; j < sizeof needed / sizeof *needed; j++)
			if (memcmp(directory, needed[j], 4) == 0 &&
			    long_at(directory + 8) < size &&
			    long_at(directory + 12) <=
			    size - long_at(directory + 8))
				found++;
	return found == sizeof needed / sizeof *needed;
}

bool
rw_pdf_is_font(const char *path)
{
	static const unsigned char version[] = {0, 1, 0, 0};
	unsigned char head[12 + 64 * 16];
	FILE *file = fopen(path, "rbe");
	size_t n, tables = 0;
	long size = 0;

	if (file == NULL)
		return false;
	n = fread(head, 1, sizeof head, file);
	if (n >= 12 && memcmp(head, version, sizeof version) == 0)
		tables = (size_t)head[4] << 8 | head[5];
	if (fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	fclose(file);
	return tables > 0 && n >= 12 + tables * 16 && size > 0 &&
		has_tables(head + 12, tables, (unsigned long)size);
}

/* ---- composed glyphs --------------------------------------------------- */

static bool
read_word(HPDF_Stream stream, unsigned *word)
{
	HPDF_BYTE bytes[2];
	HPDF_UINT len = 2;

	if (HPDF_Stream_Read(stream, bytes, &len) != HPDF_OK || len != 2)
		return false;
	*word = (unsigned)bytes[0] << 8 | bytes[1];
	return true;
}

/* Where the glyph begins, when it is composed; false when it is not. */
static bool
find_composed(HPDF_TTFontDefAttr attr, unsigned glyph, HPDF_UINT32 *at)
{
	HPDF_UINT32 unit = attr->header.index_to_loc_format == 0 ? 2 : 1;
	unsigned contours;

	if (glyph + 1 >= attr->num_glyphs || attr->glyph_tbl.offsets[glyph] ==
	    attr->glyph_tbl.offsets[glyph + 1])
		return false;
	*at = attr->glyph_tbl.base_offset +
		attr->glyph_tbl.offsets[glyph] * unit;
	return HPDF_Stream_Seek(attr->stream, (HPDF_INT)*at, HPDF_SEEK_SET) ==
		HPDF_OK && read_word(attr->stream, &contours) &&
		contours >= 0x8000;
}

/* Bytes of one part's description. */
static unsigned
part_length(unsigned flags)
{
	return 4u + ((flags & WORDS) != 0 ? 4 : 2) +
		((flags & SCALE) != 0 ? 2 : 0) +
		((flags & TWO_SCALES) != 0 ? 4 : 0) +
		((flags & MATRIX) != 0 ? 8 : 0);
}

static void
mark(HPDF_TTFontDefAttr attr, unsigned glyph, int depth)
{
	unsigned flags = MORE, part;
	HPDF_UINT32 at;

	if (glyph >= attr->num_glyphs || depth > DEPTH)
		return;
	attr->glyph_tbl.flgs[glyph] = 1;
	if (!find_composed(attr, glyph, &at))
		return;
	for (at += 10; (flags & MORE) != 0; at += part_length(flags)) {
		if (HPDF_Stream_Seek(attr->stream, (HPDF_INT)at,
		    HPDF_SEEK_SET) != HPDF_OK ||
		    !read_word(attr->stream, &flags) ||
		    !read_word(attr->stream, &part))
			return;
		mark(attr, part, depth + 1);
	}
}

void
rw_pdf_mark_glyph(void *font, uint32_t c)
{
	HPDF_FontDef def = font;

	mark(def->attr, HPDF_TTFontDef_GetGlyphid(def, (HPDF_UINT16)c), 0);
}
