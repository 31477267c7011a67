/*
 * Any bytes as the fonts of RW_FONT_DIR, in which a name is set. The page has
 * the name or there is an error, which is never our own fault.
 */
#include "fuzz.h"

#include "wire/face.h"
#include "wire/fonts.h"
#include "wire/pdf.h"

static char dir[] = "/tmp/fuzz_font_XXXXXX";

static void
remove_dir(void)
{
	char path[64];

	snprintf(path, sizeof path, "%s/DejaVuSans.ttf", dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/DejaVuSans-Bold.ttf", dir);
	unlink(path);
	rmdir(dir);
}

static void
write_font(const char *name, const uint8_t *data, size_t size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	file = fopen(path, "w");
	require(file != NULL);
	require(fwrite(data, 1, size, file) == size);
	require(fclose(file) == 0);
}

static void
draw(void)
{
	struct rw_fonts *fonts = rw_fonts_new(dir);
	const struct rw_pdf_options options = {595, 842, dir, fonts};
	const struct rw_pdf_style style = {.size = 10, .bold = true};
	struct rw_err err = {0}, why = {0};
	struct rw_buf out = {0}, name = {0};
	struct rw_pdf *pdf = rw_pdf_new(&options, &err);
	bool good;

	require(pdf != NULL);
	rw_pdf_begin(pdf, &(struct rw_pdf_info){0});
	(void)rw_pdf_can_show(pdf, "\xce\xa9 A", &why);
	(void)rw_pdf_add_shown(pdf, "A\xd8\xa8\xd9\x8e \xd7\x90", &name, &why);
	rw_pdf_page(pdf);
	rw_pdf_text(pdf, 10, 10, RW_PDF_LEFT, &style, "\xce\xa9\xe1\xba\xa4");
	rw_pdf_text(pdf, 10, 30, RW_PDF_LEFT, &style, rw_buf_text(&name));
	good = rw_pdf_end(pdf, &out, &err);
	fuzz_outcome(good, &err);
	require(good || err.kind == RW_DATA);
	require(good == (out.len > 0));
	rw_buf_free(&out);
	rw_buf_free(&name);
	rw_pdf_delete(pdf);
	rw_fonts_delete(fonts);
}

/* The same bytes as an installed font: shaped, and drawn glyph by glyph. */
static void
draw_glyphs(void)
{
	static const uint32_t characters[] = {'A', 0x3a9, 0x5d0, 0x628, 0x25a1,
		0x1f600};
	struct rw_outline outline = {0};
	struct rw_face face = {0};
	struct rw_err err = {0};
	char path[64];
	size_t i;

	snprintf(path, sizeof path, "%s/DejaVuSans.ttf", dir);
	if (!rw_face_open(&face, path, 0, &err))
		require(err.kind == RW_DATA);
	for (i = 0; face.font != NULL && i < 6; i++)
		if (rw_face_outline(&face, rw_face_glyph(&face, characters[i]),
		    &outline))
			require(outline.left <= outline.right);
	rw_buf_free(&outline.path);
	rw_face_close(&face);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;

	if (!begun) {
		require(mkdtemp(dir) != NULL);
		atexit(remove_dir);
		begun = true;
	}
	write_font("DejaVuSans.ttf", data, size);
	write_font("DejaVuSans-Bold.ttf", data, size);
	draw();
	draw_glyphs();
	return 0;
}
