#include "wire/json_scan_priv.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

bool
rw_scan_wrong(struct rw_scan *s, const char *problem)
{
	s->problem = s->p < s->end ? problem : "the text ends too early";
	return false;
}

/* True when one of eight bytes is a quote, a backslash or below 0x20. It may be
 * true unnecessarily, but is never false wrongly. Uses the "has a zero byte"
 * trick three times. */
static bool
has_special(const char *p)
{
	const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
	uint64_t w, quote, backslash;

	memcpy(&w, p, sizeof w);
	quote = w ^ ones * '"';
	backslash = w ^ ones * '\\';
	return (((w - ones * 0x20) | (quote - ones) | (backslash - ones)) &
		highs) != 0;
}

static bool
scan_escape(struct rw_scan *s)
{
	int i;

	s->p++;
	if (rw_scan_peek(s) == 'u') {
		s->p++;
		for (i = 0; i < 4; i++, s->p++)
			if (!isxdigit((unsigned char)rw_scan_peek(s)))
				return rw_scan_wrong(s, "expected four "
					"hexadecimal digits after \\u");
		return true;
	}
	if (s->p >= s->end || strchr("\"\\/bfnrt", *s->p) == NULL ||
	    *s->p == '\0')
		return rw_scan_wrong(s, "unknown escape in a string");
	s->p++;
	return true;
}

static bool
scan_string(struct rw_scan *s)
{
	if (rw_scan_peek(s) != '"')
		return rw_scan_wrong(s, "expected a string in double quotes");
	s->p++;
	for (;;) {
		while (s->end - s->p >= 8 && !has_special(s->p))
			s->p += 8;
		if (s->p >= s->end)
			return rw_scan_wrong(s, "");
		if (*s->p == '"') {
			s->p++;
			return true;
		}
		if (*s->p == '\\') {
			if (!scan_escape(s))
				return false;
		} else if (*s->p == '\0') {
			return rw_scan_wrong(s, "a NUL");
		} else if ((unsigned char)*s->p < 0x20) {
			return rw_scan_wrong(s, "a control character in a "
				"string");
		} else {
			s->p++;
		}
	}
}

static size_t
scan_digits(struct rw_scan *s)
{
	const char *start = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - start);
}

static bool
scan_number(struct rw_scan *s)
{
	if (rw_scan_peek(s) == '-')
		s->p++;
	if (rw_scan_peek(s) == '0') {
		s->p++;
	} else if (scan_digits(s) == 0) {
		return rw_scan_wrong(s, "expected a digit");
	}
	if (rw_scan_peek(s) == '.') {
		s->p++;
		if (scan_digits(s) == 0)
			return rw_scan_wrong(s, "expected a digit after the "
				"point");
	}
	if (rw_scan_peek(s) == 'e' || rw_scan_peek(s) == 'E') {
		s->p++;
		if (rw_scan_peek(s) == '+' || rw_scan_peek(s) == '-')
			s->p++;
		if (scan_digits(s) == 0)
			return rw_scan_wrong(s, "expected a digit in the "
				"exponent");
	}
	return true;
}

static bool
scan_word(struct rw_scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
		return rw_scan_wrong(s, "expected a value");
	s->p += len;
	return true;
}

static bool
scan_scalar(struct rw_scan *s)
{
	switch (rw_scan_peek(s)) {
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '-': case '0': case '1': case '2': case '3': case '4': case '5':
	case '6': case '7': case '8': case '9':
		return scan_number(s);
	default:
		return rw_scan_wrong(s, s->p < s->end && *s->p == '\0' ?
			"a NUL" : "expected a value");
	}
}

bool
rw_scan_name(struct rw_scan *s, const char **name, size_t *len)
{
	rw_scan_space(s);
	if (rw_scan_peek(s) != '"')
		return rw_scan_wrong(s, "expected a member's name in double "
			"quotes");
	*name = s->p;
	if (!scan_string(s))
		return false;
	*len = (size_t)(s->p - *name);
	rw_scan_space(s);
	if (rw_scan_peek(s) != ':')
		return rw_scan_wrong(s, "expected a colon");
	s->p++;
	return true;
}

static bool
skip_name(struct rw_scan *s)
{
	const char *name;
	size_t len;

	return rw_scan_name(s, &name, &len);
}

/* Containers are kept in an array, not on the C stack, because the input
 * determines the depth. */
struct nesting {
	char closers[RW_JSON_DEPTH];
	size_t depth;
};

/* Called at '{' or '['. *empty: the container has no values. */
static bool
open_container(struct rw_scan *s, struct nesting *n, bool *empty)
{
	char closer = *s->p == '{' ? '}' : ']';

	if (n->depth == RW_JSON_DEPTH)
		return rw_scan_wrong(s, "nested too deep");
	n->closers[n->depth++] = closer;
	s->p++;
	rw_scan_space(s);
	*empty = rw_scan_peek(s) == closer;
	if (*empty) {
		s->p++;
		n->depth--;
		return true;
	}
	return closer == ']' || skip_name(s);
}

/* After a value: closes the containers that end here. *more: another value
 * follows. */
static bool
after_value(struct rw_scan *s, struct nesting *n, bool *more)
{
	while (n->depth > 0) {
		char closer = n->closers[n->depth - 1];

		rw_scan_space(s);
		if (rw_scan_peek(s) == ',') {
			s->p++;
			*more = true;
			return closer == ']' || skip_name(s);
		}
		if (rw_scan_peek(s) != closer)
			return rw_scan_wrong(s, closer == '}' ?
				"expected a comma or }" :
				"expected a comma or ]");
		s->p++;
		n->depth--;
	}
	*more = false;
	return true;
}

bool
rw_scan_value(struct rw_scan *s)
{
	struct nesting n;
	bool more = true, empty;

	n.depth = 0;
	while (more) {
		rw_scan_space(s);
		if (rw_scan_peek(s) == '{' || rw_scan_peek(s) == '[') {
			if (!open_container(s, &n, &empty))
				return false;
			if (!empty)
				continue;
		} else if (!scan_scalar(s)) {
			return false;
		}
		if (!after_value(s, &n, &more))
			return false;
	}
	return true;
}

bool
rw_scan_failed(const struct rw_scan *s, struct rw_err *err)
{
	return rw_fail(err, RW_UNREADABLE, "byte %td: %s",
		s->p - s->start + 1, s->problem);
}
