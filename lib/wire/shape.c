#include "wire/shape.h"

#include <fribidi.h>
#include <harfbuzz/hb.h>
#include <string.h>

#include "base/text.h"
#include "base/unicode.h"

/* What is shaped in one call: one font, one script, one level. */
struct run {
	size_t start, length;	/* characters */
	const struct rw_face *face;
	hb_script_t script;
	FriBidiLevel level;
};

struct line {
	struct rw_shape *shape;
	enum rw_han han;
	const struct rw_face *faces[RW_SHAPE_MAX];
	hb_script_t scripts[RW_SHAPE_MAX];
	FriBidiLevel levels[RW_SHAPE_MAX];
	struct run runs[RW_SHAPE_MAX];
	size_t run_count;
};

/* ---- characters ----------------------------------------------------------- */

static hb_script_t
script_of(uint32_t c)
{
	return hb_unicode_script(hb_unicode_funcs_get_default(), c);
}

/* Has no script of its own: blanks, digits, punctuation, marks. */
static bool
is_shared(hb_script_t script)
{
	return script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED ||
		script == HB_SCRIPT_UNKNOWN;
}

enum rw_han
rw_shape_han(const char *text)
{
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0) {
		hb_script_t script = script_of(c);

		if (script == HB_SCRIPT_HIRAGANA ||
		    script == HB_SCRIPT_KATAKANA)
			return RW_HAN_JAPANESE;
		if (script == HB_SCRIPT_HANGUL)
			return RW_HAN_KOREAN;
	}
	return RW_HAN_CHINESE;
}

static bool
read_text(struct rw_shape *shape, const char *text)
{
	uint32_t c;

	shape->length = shape->count = 0;
	while ((c = rw_text_next(&text)) != 0) {
		if (shape->length == RW_SHAPE_MAX)
			return false;
		shape->characters[shape->length++] = c;
	}
	return true;
}

/* A shared character belongs to the script before it, at the start to the one
 * behind it. */
static void
find_scripts(struct line *line)
{
	const struct rw_shape *shape = line->shape;
	hb_script_t now = HB_SCRIPT_COMMON;
	size_t i;

	for (i = 0; i < shape->length && is_shared(now); i++)
		now = script_of(shape->characters[i]);
	if (is_shared(now))
		now = HB_SCRIPT_COMMON;
	for (i = 0; i < shape->length; i++) {
		hb_script_t script = script_of(shape->characters[i]);

		now = is_shared(script) ? now : script;
		line->scripts[i] = now;
	}
}

/* ---- fonts ----------------------------------------------------------------- */

static bool
has_no_ink(uint32_t c)
{
	return rw_char_is_blank(c) || rw_char_is_ignorable(c);
}

/* A shared character stays in the font before it, if that has it: a mark is
 * placed by the font of its letter. */
static const struct rw_face *
find_face(struct line *line, struct rw_fonts *fonts, size_t i, bool bold)
{
	uint32_t c = line->shape->characters[i];
	const struct rw_face *before = i > 0 ? line->faces[i - 1] : NULL;

	if (before != NULL && (has_no_ink(c) || (is_shared(script_of(c)) &&
	    rw_face_glyph(before, c) != 0)))
		return before;
	return has_no_ink(c) ? NULL : rw_fonts_find(fonts, c, bold, line->han);
}

/* Blanks at the start take the font of what follows. */
static bool
find_faces(struct line *line, struct rw_fonts *fonts, bool bold)
{
	size_t i, length = line->shape->length;

	for (i = 0; i < length; i++) {
		line->faces[i] = find_face(line, fonts, i, bold);
		if (line->faces[i] == NULL &&
		    !has_no_ink(line->shape->characters[i]))
			return false;
	}
	while (i-- > 0)
		if (line->faces[i] == NULL && i + 1 < length)
			line->faces[i] = line->faces[i + 1];
	return length == 0 || line->faces[0] != NULL;
}

/* ---- directions ------------------------------------------------------------ */

static FriBidiParType
paragraph_of(enum rw_direction direction)
{
	return direction == RW_DIRECTION_LEFT ? FRIBIDI_PAR_LTR :
		direction == RW_DIRECTION_RIGHT ? FRIBIDI_PAR_RTL :
		FRIBIDI_PAR_ON;
}

enum rw_direction
rw_shape_direction(const char *text)
{
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0) {
		FriBidiCharType type = fribidi_get_bidi_type(c);

		if (FRIBIDI_IS_LETTER(type))
			return FRIBIDI_IS_RTL(type) ? RW_DIRECTION_RIGHT :
				RW_DIRECTION_LEFT;
	}
	return RW_DIRECTION_LEFT;
}

static bool
find_levels(struct line *line, enum rw_direction direction)
{
	FriBidiCharType types[RW_SHAPE_MAX];
	FriBidiBracketType brackets[RW_SHAPE_MAX];
	FriBidiParType base = paragraph_of(direction);
	FriBidiStrIndex length = (FriBidiStrIndex)line->shape->length;

	if (length == 0)
		return true;
	fribidi_get_bidi_types(line->shape->characters, length, types);
	fribidi_get_bracket_types(line->shape->characters, length, types,
		brackets);
	return fribidi_get_par_embedding_levels_ex(types, brackets, length,
		&base, line->levels) != 0;
}

/* ---- runs ------------------------------------------------------------------ */

static void
find_runs(struct line *line)
{
	size_t i;

	line->run_count = 0;
	for (i = 0; i < line->shape->length; i++) {
		struct run *run = &line->runs[line->run_count - (i > 0)];

		if (i > 0 && run->face == line->faces[i] &&
		    run->script == line->scripts[i] &&
		    run->level == line->levels[i]) {
			run->length++;
			continue;
		}
		line->runs[line->run_count++] = (struct run){i, 1,
			line->faces[i], line->scripts[i], line->levels[i]};
	}
}

static void
reverse(struct run *runs, size_t count)
{
	size_t i;

	for (i = 0; i < count / 2; i++) {
		struct run run = runs[i];

		runs[i] = runs[count - 1 - i];
		runs[count - 1 - i] = run;
	}
}

/* UAX 9, rule L2. */
static void
order_runs(struct line *line)
{
	FriBidiLevel level = 0;
	size_t i, end;

	for (i = 0; i < line->run_count; i++)
		level = line->runs[i].level > level ? line->runs[i].level :
			level;
	for (; level > 0; level--)
		for (i = 0; i < line->run_count; i = end) {
			for (end = i; end < line->run_count &&
			    line->runs[end].level >= level; end++)
				;
			reverse(line->runs + i, end - i);
			end += end == i;
		}
}

/* ---- glyphs ---------------------------------------------------------------- */

/* How many characters the cluster has: up to the next one of the run. */
static unsigned
cluster_length(const struct run *run, const hb_glyph_info_t *infos, unsigned n,
	unsigned cluster)
{
	size_t end = run->start + run->length;
	unsigned i;

	for (i = 0; i < n; i++)
		if (infos[i].cluster > cluster && infos[i].cluster < end)
			end = infos[i].cluster;
	return (unsigned)(end - cluster);
}

static bool
take_glyphs(struct line *line, const struct run *run, hb_buffer_t *buffer)
{
	struct rw_shape *shape = line->shape;
	unsigned n = 0, i;
	const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &n);
	const hb_glyph_position_t *at = hb_buffer_get_glyph_positions(buffer,
		&n);

	for (i = 0; i < n; i++) {
		struct rw_glyph *glyph = &shape->glyphs[shape->count];
		unsigned cluster = infos[i].cluster;

		if (shape->count == RW_SHAPE_MAX || infos[i].codepoint == 0)
			return false;
		*glyph = (struct rw_glyph){.face = run->face,
			.id = infos[i].codepoint, .advance = at[i].x_advance,
			.right = at[i].x_offset, .up = at[i].y_offset};
		if (i == 0 || infos[i - 1].cluster != cluster) {
			glyph->characters = shape->characters + cluster;
			glyph->count = cluster_length(run, infos, n, cluster);
		}
		shape->count++;
	}
	return true;
}

static hb_language_t
language_of(const struct line *line)
{
	static const char *const languages[] = {"zh-hans", "ja", "ko"};

	return hb_language_from_string(languages[line->han], -1);
}

static bool
shape_run(struct line *line, const struct run *run)
{
	hb_buffer_t *buffer = hb_buffer_create();
	bool good;

	hb_buffer_add_codepoints(buffer, line->shape->characters,
		(int)line->shape->length, (unsigned)run->start,
		(int)run->length);
	hb_buffer_set_direction(buffer, run->level % 2 != 0 ?
		HB_DIRECTION_RTL : HB_DIRECTION_LTR);
	hb_buffer_set_script(buffer, run->script);
	if (run->script == HB_SCRIPT_HAN)
		hb_buffer_set_language(buffer, language_of(line));
	hb_shape(run->face->font, buffer, NULL, 0);
	good = take_glyphs(line, run, buffer);
	hb_buffer_destroy(buffer);
	return good;
}

bool
rw_shape_make(struct rw_shape *shape, struct rw_fonts *fonts, const char *text,
	bool bold, enum rw_direction direction)
{
	struct line line = {.shape = shape, .han = rw_shape_han(text)};
	size_t i;

	if (!read_text(shape, text))
		return false;
	find_scripts(&line);
	if (!find_faces(&line, fonts, bold) || !find_levels(&line, direction))
		return false;
	find_runs(&line);
	order_runs(&line);
	for (i = 0; i < line.run_count; i++)
		if (!shape_run(&line, &line.runs[i]))
			return false;
	return true;
}
