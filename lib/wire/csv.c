#include "wire/csv.h"

/* A quote opens a field only at its beginning. "" inside stands for one quote:
 * it closes the field and opens it again. */
bool
rw_csv_is_open(const char *text, size_t len, char delimiter)
{
	bool quoted = false, at_start = true, closed = false;
	size_t i;

	for (i = 0; i < len; i++) {
		bool toggles = text[i] == '"' && (quoted || at_start ||
			closed);

		closed = toggles && quoted;
		quoted = quoted != toggles;
		at_start = !quoted && text[i] == delimiter;
	}
	return quoted;
}

/* Unquotes in place the field that begins at *at, and moves *at to its
 * delimiter or to the end. */
static bool
take_quoted(char **at, char **field)
{
	char *from = *at + 1, *to = from;

	*field = to;
	for (;; from++) {
		if (*from == '\0')
			return false;
		if (*from == '"' && *++from != '"')
			break;
		*to++ = *from;
	}
	*at = from;
	*to = '\0';
	return true;
}

bool
rw_csv_split(struct rw_csv *csv, char *text, char delimiter)
{
	char *end, *field;

	csv->count = 0;
	for (;; text = end + 1) {
		field = end = text;
		if (csv->count == RW_CSV_FIELDS ||
		    (*text == '"' && !take_quoted(&end, &field)))
			return false;
		if (*text != '"')
			while (*end != delimiter && *end != '\0')
				end++;
		csv->fields[csv->count++] = end == text ? NULL : field;
		if (*end == '\0')
			return true;
		if (*end != delimiter)
			return false;
		*end = '\0';
	}
}
