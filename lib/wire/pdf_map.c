/*
 * The map from the codes of a font back to characters, for text in Unicode.
 */
#include <hpdf.h>

#include "wire/pdf_priv.h"

/* libharu 2.3 writes a map from codes to glyphs instead of the map back to
 * characters, so that the text cannot be selected or searched. Source: ISO
 * 32000-1, 9.10.3 */
static void
write_map(struct rw_pdf_fonts *fonts, HPDF_Stream stream)
{
	struct rw_buf map = {0};
	unsigned c;

	rw_buf_adds(&map, "/CIDInit /ProcSet findresource begin\n"
		"12 dict begin\nbegincmap\n/CMapName /Adobe-Identity-UCS def\n"
		"/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\n"
		"endcodespacerange\n");
	for (c = 0; c < 0x10000; c++)
		if (fonts->used[c >> 3] >> (c & 7) & 1)
			rw_buf_addf(&map, "1 beginbfchar\n<%04X> <%04X>\n"
				"endbfchar\n", c, c);
	rw_buf_adds(&map, "endcmap\nCMapName currentdict /CMap "
		"defineresource pop\nend\nend\n");
	HPDF_MemStream_FreeData(stream);
	HPDF_Stream_Write(stream, (const HPDF_BYTE *)rw_buf_text(&map),
		(HPDF_UINT)map.len);
	rw_buf_free(&map);
}

void
rw_pdf_fonts_end(struct rw_pdf_fonts *fonts)
{
	int bold;

	for (bold = 0; bold < 2; bold++) {
		HPDF_Font face = fonts->faces[RW_PDF_UNICODE][bold];

		if (face != NULL) {
			HPDF_FontAttr attr = face->attr;

			if (attr->cmap_stream != NULL)
				write_map(fonts, attr->cmap_stream->stream);
		}
	}
}
