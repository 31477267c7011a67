/*
 * Subsets of fonts: the tables that are kept, and broken fonts.
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

static void
put_word(struct rw_buf *font, size_t at, unsigned value)
{
	font->data[at] = (char)(value >> 8);
	font->data[at + 1] = (char)value;
}

static size_t
glyph_at(const struct rw_buf *font, unsigned glyph)
{
	size_t loca = table(font, "loca"), glyf = table(font, "glyf");

	if (word(font, table(font, "head") + 50) == 0)
		return glyf + 2 * (size_t)word(font, loca + 2 * glyph);
	return glyf + ((size_t)word(font, loca + 4 * glyph) << 16 |
		word(font, loca + 4 * glyph + 2));
}

/* Makes a composite glyph of as many components as there is room for; each is
 * the glyph with that number. */
static void
compose(struct rw_buf *font, unsigned glyph, unsigned component)
{
	size_t at = glyph_at(font, glyph), end = glyph_at(font, glyph + 1);

	if (end < at + 16)
		return;
	put_word(font, at, 0xffff);
	for (at += 10; at + 6 <= end; at += 6) {
		put_word(font, at, at + 12 <= end ? 0x0022 : 0x0002);
		put_word(font, at + 2, component);
		put_word(font, at + 4, 0);
	}
}

static void
loop(struct rw_buf *font)
{
	unsigned i;

	for (i = 0; i < glyphs(font); i++)
		compose(font, i, i);
}

/* Each glyph is many copies of the next one: without a loop, but the number of
 * components grows with the power of the depth. */
static void
explode(struct rw_buf *font)
{
	unsigned i;

	for (i = 0; i + 1 < glyphs(font); i++)
		compose(font, i, i + 1);
}

static void
restrict_license(struct rw_buf *font)
{
	put_word(font, table(font, "OS/2") + 8, 0x0002);
}

static void
forbid_subsets(struct rw_buf *font)
{
	put_word(font, table(font, "OS/2") + 8, 0x0100);
}

static void
preview_and_print(struct rw_buf *font)
{
	put_word(font, table(font, "OS/2") + 8, 0x0004);
}

static void
remove_units(struct rw_buf *font)
{
	put_word(font, table(font, "head") + 18, 0);
}

static void
make_units_huge(struct rw_buf *font)
{
	put_word(font, table(font, "head") + 18, 0xffff);
}

static const struct hostile {
	const char *name;
	void (*change)(struct rw_buf *font);
	const char *words;	/* NULL: it is accepted */
} hostiles[] = {
	{"restricted license", restrict_license,
		"Test does not allow to be embedded (its fsType is 0x0002)"},
	{"no subsetting", forbid_subsets,
		"Test does not allow to be embedded (its fsType is 0x0100)"},
	{"preview and print", preview_and_print, NULL},
	{"no units", remove_units, "Test is a damaged TrueType font"},
	{"too many units", make_units_huge, "Test is a damaged TrueType font"},
	{"glyphs that contain themselves", loop, "Test has a glyph whose "
		"components are damaged, or contain themselves, or are too "
		"many"},
	{"glyphs of many copies of many copies", explode, "Test has a glyph "
		"whose components are damaged, or contain themselves, or are "
		"too many"},
};

static void
test_hostile(const struct rw_buf *font)
{
	struct rw_buf small = {0}, changed = {0}, out = {0};
	size_t i;

	reduce(font, &greek, &small, NULL);
	for (i = 0; i < sizeof hostiles / sizeof *hostiles; i++) {
		struct rw_err err = {.message = "accepted"};

		rw_buf_reset(&changed);
		rw_buf_add(&changed, small.data, small.len);
		hostiles[i].change(&changed);
		is_int(reduce(&changed, &greek, &out, &err),
			hostiles[i].words == NULL, "%s", hostiles[i].name);
		is(err.message, hostiles[i].words == NULL ? "accepted" :
			hostiles[i].words, "%s", hostiles[i].name);
	}
	rw_buf_free(&small);
	rw_buf_free(&changed);
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
	test_hostile(&font);
	rw_buf_free(&font);
	return done();
}
