/*
 * Small fonts of large ones: what is kept, and what a broken font does.
 */
#include "tap.h"

#include <stdlib.h>

#include "base/file.h"
#include "wire/truetype.h"

#define FONT "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

static const struct rw_char_range
	greek = {0x370, 0x3ff},
	nothing = {0x1, 0x1},
	viet = {0x1ea0, 0x1eff};

static bool
reduce(const struct rw_buf *font, const struct rw_char_range *range,
	struct rw_buf *out, struct rw_err *err)
{
	rw_buf_reset(out);
	return rw_truetype_reduce(font->data, font->len, "Test", range, 1, out,
		err);
}

static unsigned
word(const struct rw_buf *font, size_t at)
{
	return (unsigned)(unsigned char)font->data[at] << 8 |
		(unsigned char)font->data[at + 1];
}

/* Where the table begins, in a font that is whole. */
static size_t
table(const struct rw_buf *font, const char *tag)
{
	unsigned i;

	for (i = 0; i < word(font, 4); i++) {
		size_t at = 12 + (size_t)i * 16;

		if (memcmp(font->data + at, tag, 4) == 0)
			return (size_t)word(font, at + 8) << 16 |
				word(font, at + 10);
	}
	return 0;
}

static unsigned
glyphs(const struct rw_buf *font)
{
	return word(font, table(font, "maxp") + 4);
}

static void
test_kept(const struct rw_buf *font)
{
	struct rw_buf small = {0}, again = {0};
	struct rw_err err = {0};

	ok(reduce(font, &nothing, &small, &err), "a font of nothing %s",
		err.message);
	is_int(glyphs(&small), 1, "has the glyph for what is missing");
	ok(reduce(font, &greek, &small, &err), "a font of Greek");
	ok(glyphs(&small) > 100 && glyphs(&small) < 250, "has %u glyphs",
		glyphs(&small));
	ok(small.len * 10 < font->len, "is less than a tenth");
	ok(reduce(&small, &greek, &again, &err), "can be read again %s",
		err.message);
	ok(again.len == small.len && memcmp(again.data, small.data,
		small.len) == 0, "and stays as it is");
	ok(reduce(font, &viet, &small, &err) && glyphs(&small) > 0x60,
		"composite glyphs bring their components: %u", glyphs(&small));
	rw_buf_free(&small);
	rw_buf_free(&again);
}

/* Each of these must end, and touch nothing outside the font; the sanitizers
 * watch. */
static void
test_broken(const struct rw_buf *font)
{
	struct rw_buf small = {0}, broken = {0}, out = {0};
	unsigned refused = 0, tried = 0, i;
	struct rw_err err = {0};
	size_t len;

	reduce(font, &greek, &small, &err);
	for (len = 0; len < small.len; len += 1 + small.len / 400) {
		struct rw_buf shorter = {.data = small.data, .len = len};

		refused += !reduce(&shorter, &greek, &out, &err);
		tried++;
	}
	ok(tried > 300 && refused == tried, "%u of %u shortened fonts are "
		"refused", refused, tried);
	ok(err.kind == RW_DATA && strcmp(err.message,
		"Test is not a complete TrueType font") == 0, "%s",
		err.message);
	srandom(1);
	for (i = 0; i < 2000; i++) {
		size_t at = (size_t)random() % (i % 2 == 0 ? 300 : small.len);

		rw_buf_reset(&broken);
		rw_buf_add(&broken, small.data, small.len);
		broken.data[at] = (char)random();
		reduce(&broken, &greek, &out, &err);
	}
	ok(true, "fonts with one wrong byte do no harm");
	rw_buf_free(&small);
	rw_buf_free(&broken);
	rw_buf_free(&out);
}

int
main(void)
{
	struct rw_buf font = {0};
	struct rw_err err;

	if (!rw_file_read(FONT, &font, &err)) {
		printf("1..0 # SKIP %s\n", err.message);
		return 0;
	}
	test_kept(&font);
	test_broken(&font);
	rw_buf_free(&font);
	return done();
}
