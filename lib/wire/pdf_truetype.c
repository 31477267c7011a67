/*
 * The components of a composite glyph.
 *
 * libharu 2.3 embeds the components of a composite glyph, but not the
 * components of these components: a Vietnamese vowel lacked its marks. Source:
 * OpenType specification, table glyf.
 */
#include <hpdf.h>
#include <hpdf_fontdef.h>

#include "wire/pdf_priv.h"
#include "wire/truetype_check.h"

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

/* Finds the start of a composite glyph; false when the glyph is not
 * composite. */
static bool
find_composite(HPDF_TTFontDefAttr attr, unsigned glyph, HPDF_UINT32 *at)
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

/* rw_truetype_check has bounded the work. */
static void
mark(HPDF_TTFontDefAttr attr, unsigned glyph, int depth)
{
	unsigned flags = RW_COMPONENT_MORE, component;
	HPDF_UINT32 at;

	if (glyph >= attr->num_glyphs || depth > RW_COMPONENT_DEPTH)
		return;
	attr->glyph_tbl.flgs[glyph] = 1;
	if (!find_composite(attr, glyph, &at))
		return;
	for (at += 10; (flags & RW_COMPONENT_MORE) != 0;
	    at += rw_component_length(flags)) {
		if (HPDF_Stream_Seek(attr->stream, (HPDF_INT)at,
		    HPDF_SEEK_SET) != HPDF_OK ||
		    !read_word(attr->stream, &flags) ||
		    !read_word(attr->stream, &component))
			return;
		mark(attr, component, depth + 1);
	}
}

void
rw_pdf_mark_glyph(void *font, uint32_t c)
{
	HPDF_FontDef def = font;

	mark(def->attr, HPDF_TTFontDef_GetGlyphid(def, (HPDF_UINT16)c), 0);
}
