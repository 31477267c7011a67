#include "base/cut.h"

#include <stdbool.h>
#include <stddef.h>

/* The first bytes of characters of each length, and the second bytes that they
 * allow (RFC 3629, section 4). */
static const struct form {
	unsigned char first, last, from, to;
	size_t len;
} forms[] = {
	{0x01, 0x7f, 0x80, 0xbf, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2},
	{0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
	{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
	{0xf4, 0xf4, 0x80, 0x8f, 4},
};

/* How many bytes at p are a character, or the beginning of one whose end is
 * missing (*is_cut); 0: neither. */
static size_t
char_length(const unsigned char *p, bool *is_cut)
{
	const struct form *form = forms;
	size_t i = 1;

	while (form->last < p[0])
		if (++form == forms + sizeof forms / sizeof *forms)
			return 0;
	if (p[0] < form->first)
		return 0;
	if (form->len > 1 && (p[1] & 0xc0) == 0x80 &&
	    (p[1] < form->from || p[1] > form->to))
		return 0;
	while (i < form->len && (p[i] & 0xc0) == 0x80)
		i++;
	*is_cut = i < form->len;
	return i;
}

void
rw_cut_drop(char *text)
{
	char *to = text;
	size_t len;
	bool is_cut;

	while (*text != '\0') {
		is_cut = false;
		len = char_length((const unsigned char *)text, &is_cut);
		if (len == 0) {
			*to++ = '?';
			text++;
		} else if (is_cut) {
			text += len;
		} else {
			while (len-- > 0)
				*to++ = *text++;
		}
	}
	*to = '\0';
}
