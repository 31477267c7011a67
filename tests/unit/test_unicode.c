/*
 * Invisible characters, and code points that are not characters.
 */
#include <string.h>

#include "base/unicode.h"
#include "tap.h"

static const uint32_t blanks[] = {9, 0x20, 0xa0, 0x1680, 0x2007, 0x202f,
	0x3000};
static const uint32_t ignorables[] = {0xad, 0x200b, 0x200d, 0x2060, 0xfe0f,
	0xfeff, 0xe0100};
static const uint32_t noncharacters[] = {0xfdd0, 0xfdef, 0xfffe, 0xffff,
	0x1fffe, 0x10ffff};
static const uint32_t others[] = {'A', 0xe9, 0x200a + 0x100, 0x4e2d, 0xfffd,
	0xfdcf, 0xfdf0, 0x1f600};

#define EACH(list, test) \
	for (i = 0; i < sizeof list / sizeof *list; i++) \
		ok(test(list[i]), "U+%04X: " #test, (unsigned)list[i])

static void
test_texts(void)
{
	struct rw_buf out = {0};
	size_t len;

	rw_text_add_visible(&out, "An\xe2\x80\x8bna\xc2\xa0K\xe3\x80\x80M");
	is(rw_buf_text(&out), "Anna K M", "what is drawn of a name");
	rw_buf_free(&out);
	ok(strncmp(rw_text_trim("\xc2\xa0 f-1\xe2\x80\x8b\n", &len), "f-1",
		3) == 0 && len == 3, "a text without what is around it");
	rw_text_trim(" \xe3\x80\x80", &len);
	is_int((int64_t)len, 0, "nothing is left of blanks");
	ok(rw_text_is_invisible(""), "an empty text is invisible");
	ok(rw_text_is_invisible(" \xe2\x80\x8b\xc2\xa0"),
		"and so are blanks and a zero width space");
	ok(!rw_text_is_invisible(" . "), "a full stop is not");
}

int
main(void)
{
	size_t i;

	EACH(blanks, rw_char_is_blank);
	EACH(ignorables, rw_char_is_ignorable);
	EACH(noncharacters, rw_char_is_noncharacter);
	EACH(others, !rw_char_is_blank);
	EACH(others, !rw_char_is_ignorable);
	EACH(others, !rw_char_is_noncharacter);
	EACH(blanks, !rw_char_is_ignorable);
	EACH(ignorables, !rw_char_is_blank);
	test_texts();
	return done();
}
