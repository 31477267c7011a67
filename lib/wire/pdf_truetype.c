/*
 * The glyphs that a glyph is composed of.
 *
 * libharu 2.3 embeds the parts of a composed glyph, but not the parts of
 * those: a Vietnamese vowel came without its marks.
 * Source: OpenType specification, table glyf.
 */
#include <hpdf.h>
#include <hpdf_fontdef.h>

#include "wire/pdf_parts.h"
#include "wire/truetype_parts.h"

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

static void
mark(HPDF_TTFontDefAttr attr, unsigned glyph, int depth)
{
	unsigned flags = RW_PART_MORE, part;
	HPDF_UINT32 at;

	if (glyph >= attr->num_glyphs || depth > RW_GLYPH_DEPTH)
		return;
	attr->glyph_tbl.flgs[glyph] = 1;
	if (!find_composed(attr, glyph, &at))
		return;
	for (at += 10; (flags & RW_PART_MORE) != 0;
	    at += (HPDF_UINT32)rw_part_length(flags)) {
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
