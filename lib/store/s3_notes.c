#include "store/s3_notes_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { FIELDS = 4 };

/* ---- the list ---------------------------------------------------------- */

static void
note_free(struct rw_s3_note *note)
{
	free(note->key);
	free(note->id);
	free(note);
}

struct rw_s3_note *
rw_s3_notes_add(struct rw_s3_note **list, const char *key, const char *id)
{
	struct rw_s3_note *note = calloc(1, sizeof *note);

	if (note == NULL)
		return NULL;
	note->key = strdup(key);
	note->id = strdup(id);
	if (note->key == NULL || note->id == NULL) {
		note_free(note);
		return NULL;
	}
	note->next = *list;
	*list = note;
	return note;
}

bool
rw_s3_notes_remove(struct rw_s3_note **list, const char *id)
{
	struct rw_s3_note *note;

	for (; *list != NULL; list = &(*list)->next) {
		note = *list;
		if (strcmp(note->id, id) != 0)
			continue;
		*list = note->next;
		note_free(note);
		return true;
	}
	return false;
}

void
rw_s3_notes_free(struct rw_s3_note **list)
{
	struct rw_s3_note *note;

	while ((note = *list) != NULL) {
		*list = note->next;
		note_free(note);
	}
}

/* ---- the lines --------------------------------------------------------- */

void
rw_s3_notes_begin_line(struct rw_buf *out, const char *store, const char *key,
	const char *id)
{
	rw_buf_addf(out, "begin %s ", store);
	rw_text_add_percent(out, key, "");
	rw_buf_addc(out, ' ');
	rw_text_add_percent(out, id, "");
	rw_buf_addc(out, '\n');
}

void
rw_s3_notes_end_line(struct rw_buf *out, const char *id)
{
	rw_buf_adds(out, "end ");
	rw_text_add_percent(out, id, "");
	rw_buf_addc(out, '\n');
}

/* Decodes in place; false when the text is not percent-encoded. */
static bool
decode(char *text)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	char *out = text;
	unsigned byte;

	for (; *text != '\0'; text++) {
		if (*text != '%') {
			*out++ = *text;
			continue;
		}
		if (strspn(text + 1, digits) < 2 ||
		    sscanf(text + 1, "%2x", &byte) != 1 || byte == 0)
			return false;
		*out++ = (char)byte;
		text += 2;
	}
	*out = '\0';
	return true;
}

/* The fields of a line; 0 when there are too many. */
static size_t
split_note(char *line, char *fields[FIELDS])
{
	char *rest = NULL, *field = strtok_r(line, " ", &rest);
	size_t n = 0;

	for (; field != NULL && n < FIELDS; field = strtok_r(NULL, " ", &rest))
		fields[n++] = field;
	return field == NULL ? n : 0;
}

bool
rw_s3_notes_read(struct rw_s3_note **list, const char *store, char *text)
{
	char *rest = NULL, *line, *fields[FIELDS];
	bool is_ours = true;
	size_t n;

	for (line = strtok_r(text, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		n = split_note(line, fields);
		if (n == 2 && strcmp(fields[0], "end") == 0 &&
		    decode(fields[1]))
			rw_s3_notes_remove(list, fields[1]);
		if (n != FIELDS || strcmp(fields[0], "begin") != 0)
			continue;
		if (strcmp(fields[1], store) != 0)
			is_ours = false;
		else if (decode(fields[2]) && decode(fields[3]))
			rw_s3_notes_add(list, fields[2], fields[3]);
	}
	return is_ours;
}
