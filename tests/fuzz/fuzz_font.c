/*
 * Any bytes as the fonts of RW_FONT_DIR, in which a name is set. The page has
 * the name or there is an error, which is never our own fault.
 */
#include "fuzz.h"

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
	const struct rw_pdf_options options = {595, 842, dir};
	const struct rw_pdf_style style = {.size = 10, .bold = true};
	struct rw_err err = {0}, why = {0};
	struct rw_buf out = {0};
	struct rw_pdf *pdf = rw_pdf_new(&options, &err);
	bool good;

	require(pdf != NULL);
	rw_pdf_begin(pdf, &(struct rw_pdf_info){0});
	(void)rw_pdf_can_show(pdf, "\xce\xa9 A", &why);
	rw_pdf_page(pdf);
	rw_pdf_text(pdf, 10, 10, RW_PDF_LEFT, &style, "\xce\xa9\xe1\xba\xa4");
	good = rw_pdf_end(pdf, &out, &err);
	fuzz_outcome(good, &err);
	require(good || err.kind == RW_DATA);
	require(good == (out.len > 0));
	rw_buf_free(&out);
	rw_pdf_delete(pdf);
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
	return 0;
}
