#include "input_hint.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool
is_json_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_one_of(const char *text, size_t len, const char *words)
{
	const char *end;

	for (; *words != '\0'; words = end + (*end == ' ')) {
		end = words + strcspn(words, " ");
		if ((size_t)(end - words) == len &&
		    memcmp(words, text, len) == 0)
			return true;
	}
	return false;
}

/* A member on a line of its own: "name": value */
static bool
is_member(const char *text, size_t len)
{
	const char *end = text[0] == '"' && len > 2 ?
		memchr(text + 1, '"', len - 1) : NULL;

	if (end == NULL)
		return false;
	for (end++; end < text + len && is_json_space(*end); end++)
		;
	return end < text + len && *end == ':';
}

/* Words between separators. */
static bool
is_csv(const char *text, size_t len)
{
	return text[0] != '{' && text[0] != '[' && text[0] != '<' &&
		(memchr(text, ',', len) != NULL ||
		memchr(text, ';', len) != NULL ||
		memchr(text, '\t', len) != NULL);
}

const char *
rw_input_hint(const char *text, size_t len)
{
	while (len > 0 && is_json_space(text[len - 1]))
		len--;
	for (; len > 0 && is_json_space(*text); len--)
		text++;
	if (len == 0)
		return NULL;
	if (is_one_of(text, len, "{ } }, ] ],") || is_member(text, len))
		return "this JSON object is on several lines: expected one "
			"object on each line; jq -c . FILE writes them so";
	if (text[0] == '[')
		return "this is a JSON array: expected one object on each "
			"line; jq -c '.[]' FILE writes them so";
	if (is_csv(text, len))
		return "this looks like CSV: expected one JSON object on each "
			"line; rw-list reads CSV with --followers and --pnl";
	return NULL;
}
