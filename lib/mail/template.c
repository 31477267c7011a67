#include "mail/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

struct rw_template_piece {
	const char *text;	/* literal, before the placeholder */
	size_t len;
	char sign;		/* of a placeholder, see below; '\0': the end */
	size_t value;
	size_t end;		/* of SECTION: the piece that ends it */
};

/* "{name}", "{?name}", "{/name}" */
enum { VALUE = '{', SECTION = '?', SECTION_END = '/' };

struct placeholder {
	const char *at;		/* its brace */
	char sign;
	const char *name;
	size_t name_len, len;
};

/* Finds the first placeholder in text. */
static bool
find_placeholder(const char *text, struct placeholder *found)
{
	while ((text = strchr(text, '{')) != NULL) {
		bool is_signed = text[1] == SECTION || text[1] == SECTION_END;

		*found = (struct placeholder){.at = text,
			.sign = is_signed ? text[1] : (char)VALUE,
			.name = text + 1 + is_signed};
		found->name_len = strspn(found->name, NAME_CHARACTERS);
		found->len = found->name_len + 2 + is_signed;
		if (found->name_len > 0 && text[found->len - 1] == '}')
			return true;
		text++;
	}
	return false;
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

static size_t
line_of(const struct rw_template *template, const char *place)
{
	size_t line = 1;
	const char *p;

	for (p = template->text; p < place; p++)
		line += *p == '\n';
	return line;
}

static bool
fail_unknown(const struct rw_template *template, const char *what,
	const struct placeholder *place, const char *const *names,
	struct rw_err *err)
{
	struct rw_buf known = {0};

	for (; *names != NULL; names++)
		rw_buf_addf(&known, " %s", *names);
	rw_fail(err, RW_CONFIG, "%s:%zu: unknown placeholder %.*s; there "
		"are:%s", what, line_of(template, place->at), (int)place->len,
		place->at, rw_buf_text(&known));
	rw_buf_free(&known);
	return false;
}

static size_t
count_placeholders(const char *text)
{
	struct placeholder place;
	size_t n = 0;

	for (; find_placeholder(text, &place); n++)
		text = place.at + place.len;
	return n;
}

/* The innermost section that is open before the piece, or NULL. */
static struct rw_template_piece *
open_section(const struct rw_template *template,
	const struct rw_template_piece *piece)
{
	size_t depth = 0, i = (size_t)(piece - template->pieces);

	while (i-- > 0) {
		struct rw_template_piece *before = &template->pieces[i];

		if (before->sign == SECTION && depth-- == 0)
			return before;
		depth += before->sign == SECTION_END;
	}
	return NULL;
}

static bool
end_section(struct rw_template *template, struct rw_template_piece *piece,
	const char *what, const struct placeholder *place, struct rw_err *err)
{
	struct rw_template_piece *begin = open_section(template, piece);

	if (begin == NULL || begin->value != piece->value)
		return rw_fail(err, RW_CONFIG, "%s:%zu: %.*s does not end the "
			"section that was begun last", what,
			line_of(template, place->at), (int)place->len,
			place->at);
	begin->end = (size_t)(piece - template->pieces);
	return true;
}

static bool
cut_pieces(struct rw_template *template, const char *what,
	const char *const *names, struct rw_err *err)
{
	const char *at = template->text;
	struct rw_template_piece *piece = template->pieces, *open;
	struct placeholder place;

	for (; find_placeholder(at, &place); piece++) {
		*piece = (struct rw_template_piece){.text = at,
			.len = (size_t)(place.at - at), .sign = place.sign};
		if (!index_of(names, place.name, place.name_len,
		    &piece->value))
			return fail_unknown(template, what, &place, names, err);
		if (place.sign == SECTION_END && !end_section(template, piece,
		    what, &place, err))
			return false;
		at = place.at + place.len;
	}
	*piece = (struct rw_template_piece){.text = at, .len = strlen(at)};
	open = open_section(template, piece);
	return open == NULL || rw_fail(err, RW_CONFIG, "%s: the section {?%s} "
		"has no {/%s}", what, names[open->value], names[open->value]);
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
		if (piece->sign == SECTION && *values[piece->value] == '\0')
			i = piece->end;
		if (piece->sign != VALUE)
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
