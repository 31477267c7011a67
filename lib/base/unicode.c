#include "base/unicode.h"

#include "base/text.h"

struct range {
	uint32_t first, last;
};

static const struct range blanks[] = {
	{0x9, 0xd}, {0x20, 0x20}, {0x85, 0x85}, {0xa0, 0xa0},
	{0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029},
	{0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
};

static const struct range ignorables[] = {
	{0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160},
	{0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f},
	{0x202a, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
	{0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
	{0xfff0, 0xfff8}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
	{0xe0000, 0xe0fff},
};

static bool
is_in(uint32_t c, const struct range *ranges, size_t count)
{
	size_t i;

	for (i = 0; i < count && c >= ranges[i].first; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}

bool
rw_char_is_blank(uint32_t c)
{
	return is_in(c, blanks, sizeof blanks / sizeof *blanks);
}

bool
rw_char_is_ignorable(uint32_t c)
{
	return is_in(c, ignorables, sizeof ignorables / sizeof *ignorables);
}

bool
rw_char_is_noncharacter(uint32_t c)
{
	return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

static bool
is_joiner(uint32_t c)
{
	return c == 0x200c || c == 0x200d;
}

/* In the scripts from Arabic to Mongolian, and Vedic signs, a joiner changes
 * the letter before it. */
static bool
shapes_letters(uint32_t c)
{
	return c >= 0x600 && c <= 0x1cff;
}

void
rw_text_add_visible(struct rw_buf *out, const char *text)
{
	uint32_t c, before = 0;

	while ((c = rw_text_next(&text)) != 0) {
		if (rw_char_is_blank(c))
			c = ' ';
		else if (rw_char_is_ignorable(c) && !(is_joiner(c) &&
		    shapes_letters(before)))
			continue;
		rw_text_add_char(out, c);
		before = c;
	}
}

const char *
rw_text_trim(const char *text, size_t *len)
{
	const char *at = text, *begin = NULL, *end = text, *before = text;
	uint32_t c;

	for (; (c = rw_text_next(&at)) != 0; before = at) {
		if (rw_char_is_blank(c) || rw_char_is_ignorable(c))
			continue;
		begin = begin != NULL ? begin : before;
		end = at;
	}
	*len = begin != NULL ? (size_t)(end - begin) : 0;
	return begin != NULL ? begin : at;
}

bool
rw_text_is_invisible(const char *text)
{
	size_t len;

	rw_text_trim(text, &len);
	return len == 0;
}
