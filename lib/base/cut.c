#include "base/cut.h"

#include <stddef.h>

/* The number of bytes at p that begin an incomplete character; 0: none. */
static size_t
cut_length(const unsigned char *p)
{
	size_t len = p[0] < 0xc2 || p[0] > 0xf4 ? 0 : p[0] >= 0xf0 ? 4 :
		p[0] >= 0xe0 ? 3 : 2, i = 1;

	while (i < len && (p[i] & 0xc0) == 0x80)
		i++;
	return i < len ? i : 0;
}

void
rw_cut_drop(char *text)
{
	char *to = text;
	size_t cut;

	while (*text != '\0') {
		cut = cut_length((const unsigned char *)text);
		text += cut;
		if (cut == 0)
			*to++ = *text++;
	}
	*to = '\0';
}
