#include "mail/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

struct rw_template_piece {
	const char *text;	/* literal, before the placeholder */
	size_t len;
	size_t value;		/* SIZE_MAX: no placeholder follows */
};

/* Finds the first placeholder in text, and the length of its name. */
static const char *
find_placeholder(const char *text, size_t *len)
{
	while ((text = strchr(text, '{')) != NULL) {
		*len = strspn(text + 1, NAME_CHARACTERS);
		if (*len > 0 && text[1 + *len] == '}')
			return text;
		text++;
	}
	return NULL;
}

static bool
index_of(const char *const *names, const char *name, size_t len,
	size_t *index)
{
	for (*index = 0; names[*index] != NULL; ++*index)
		if (strlen(names[*index]) == len &&
		    memcmp(names[*index], name, len) == 0)
			return true;
	return false;
}

static bool
fail_unknown(const struct rw_template *template, const char *what,
	const char *place, size_t len, const char *const *names,
	struct rw_err *err)
{
	struct rw_buf known = {0};
	size_t line = 1;
	const char *p;

	for (p = template->text; p < place; p++)
		line += *p == '\n';
	for (; *names != NULL; names++)
		rw_buf_addf(&known, " %s", *names);
	rw_fail(err, RW_CONFIG, "%s:%zu: unknown placeholder {%.*s}; there "
		"are:%s", what, line, (int)len, place + 1,
		rw_buf_text(&known));
	rw_buf_free(&known);
	return false;
}

static size_t
count_placeholders(const char *text)
{
	size_t n = 0, len;

	while ((text = find_placeholder(text, &len)) != NULL) {
		text += len + 2;
		n++;
	}
	return n;
}

static bool
cut_pieces(struct rw_template *template, const char *what,
	const char *const *names, struct rw_err *err)
{
	const char *at = template->text, *place;
	struct rw_template_piece *piece = template->pieces;
	size_t len;

	for (; (place = find_placeholder(at, &len)) != NULL; piece++) {
		*piece = (struct rw_template_piece){at, (size_t)(place - at),
			0};
		if (!index_of(names, place + 1, len, &piece->value))
			return fail_unknown(template, what, place, len, names,
				err);
		at = place + len + 2;
	}
	*piece = (struct rw_template_piece){at, strlen(at), SIZE_MAX};
	return true;
}

bool
rw_template_parse(struct rw_template *template, const char *what,
	const char *text, enum rw_escape escape, const char *const *names,
	struct rw_err *err)
{
	*template = (struct rw_template){.text = strdup(text),
		.escape = escape, .count = count_placeholders(text) + 1};
	template->pieces = calloc(template->count, sizeof *template->pieces);
	if (template->text == NULL || template->pieces == NULL) {
		rw_template_free(template);
		return rw_fail_memory(err, "%s", what);
	}
	if (cut_pieces(template, what, names, err))
		return true;
	rw_template_free(template);
	return false;
}

void
rw_template_fill(const struct rw_template *template,
	const char *const *values, struct rw_buf *out)
{
	size_t i;

	for (i = 0; i < template->count; i++) {
		const struct rw_template_piece *piece = &template->pieces[i];

		rw_buf_add(out, piece->text, piece->len);
		if (piece->value == SIZE_MAX)
			continue;
		if (template->escape == RW_ESCAPE_HTML)
			rw_text_add_html(out, values[piece->value]);
		else
			rw_buf_adds(out, values[piece->value]);
	}
}

void
rw_template_free(struct rw_template *template)
{
	free(template->text);
	free(template->pieces);
	*template = (struct rw_template){0};
}
