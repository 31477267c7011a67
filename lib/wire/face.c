#include "wire/face.h"

#include <harfbuzz/hb.h>
#include <math.h>
#include <string.h>

#include "base/file.h"

enum {
	FILE_MAX = 96 << 20,	/* the largest collection of Noto has 30 MB */
	PATH_MAX_BYTES = 64 << 10,
};

static const float far = 64000;	/* in thousandths of the size */

/* ---- open ---------------------------------------------------------------- */

/* OS/2, fsType: restricted, or bitmaps only. */
static bool
may_embed(hb_face_t *face)
{
	hb_blob_t *blob = hb_face_reference_table(face,
		HB_TAG('O', 'S', '/', '2'));
	unsigned len = 0;
	const unsigned char *table = (const unsigned char *)
		hb_blob_get_data(blob, &len);
	bool may = len < 10 || (((unsigned)table[8] << 8 | table[9]) &
		0x0202) == 0;

	hb_blob_destroy(blob);
	return may;
}

static bool
has_table(hb_face_t *face, hb_tag_t tag)
{
	hb_blob_t *blob = hb_face_reference_table(face, tag);
	bool has = hb_blob_get_length(blob) > 0;

	hb_blob_destroy(blob);
	return has;
}

static bool
is_usable(hb_face_t *face, const char *path, struct rw_err *err)
{
	if (hb_face_get_glyph_count(face) == 0 ||
	    (!has_table(face, HB_TAG('g', 'l', 'y', 'f')) &&
	    !has_table(face, HB_TAG('C', 'F', 'F', ' ')) &&
	    !has_table(face, HB_TAG('C', 'F', 'F', '2'))))
		return rw_fail(err, RW_DATA, "%s is not a font with outlines",
			path);
	return may_embed(face) || rw_fail(err, RW_DATA, "%s does not allow to "
		"be embedded", path);
}

bool
rw_face_open(struct rw_face *opened, const char *path, unsigned index,
	struct rw_err *err)
{
	struct rw_buf file = {.max = FILE_MAX};
	hb_blob_t *blob;
	hb_face_t *face;
	bool good;

	*opened = (struct rw_face){0};
	if (!rw_file_read(path, &file, err)) {
		rw_buf_free(&file);
		return false;
	}
	blob = hb_blob_create(file.data, (unsigned)file.len,
		HB_MEMORY_MODE_DUPLICATE, NULL, NULL);
	rw_buf_free(&file);
	face = hb_face_create(blob, index & 0xffff);
	hb_blob_destroy(blob);
	good = is_usable(face, path, err);
	if (good) {
		hb_face_make_immutable(face);
		opened->font = hb_font_create(face);
		opened->upem = hb_face_get_upem(face);
		if (index >> 16 != 0)
			hb_font_set_var_named_instance(opened->font,
				(index >> 16) - 1);
		hb_font_make_immutable(opened->font);
	}
	hb_face_destroy(face);
	return good;
}

void
rw_face_close(struct rw_face *face)
{
	hb_font_destroy(face->font);
	*face = (struct rw_face){0};
}

uint32_t
rw_face_glyph(const struct rw_face *face, uint32_t c)
{
	hb_codepoint_t glyph = 0;

	return hb_font_get_nominal_glyph(face->font, c, &glyph) ? glyph : 0;
}

/* ---- outlines ------------------------------------------------------------- */

struct pen {
	struct rw_outline *outline;
	float upem;
	bool failed;
};

/* A tenth of a thousandth is finer than any printer. */
static void
add_face_number(struct pen *pen, float number)
{
	long n = lroundf(number * 10);
	long whole = n / 10, rest = n < 0 ? -(n % 10) : n % 10;

	rw_buf_addf(&pen->outline->path, "%s%ld", n < 0 && whole == 0 ? "-" :
		"", whole);
	if (rest != 0)
		rw_buf_addf(&pen->outline->path, ".%ld", rest);
	rw_buf_addc(&pen->outline->path, ' ');
}

static void
add_point(struct pen *pen, float x, float y)
{
	struct rw_outline *o = pen->outline;

	x = x * 1000 / pen->upem;
	y = y * 1000 / pen->upem;
	/* Also false for what is not a number. */
	if (!(fabsf(x) <= far && fabsf(y) <= far) ||
	    o->path.len > PATH_MAX_BYTES) {
		pen->failed = true;
		return;
	}
	o->left = x < (float)o->left ? (int)floorf(x) : o->left;
	o->bottom = y < (float)o->bottom ? (int)floorf(y) : o->bottom;
	o->right = x > (float)o->right ? (int)ceilf(x) : o->right;
	o->top = y > (float)o->top ? (int)ceilf(y) : o->top;
	add_face_number(pen, x);
	add_face_number(pen, y);
}

static void
move_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x,
	float y, void *user)
{
	struct pen *pen = data;

	(void)funcs, (void)state, (void)user;
	add_point(pen, x, y);
	rw_buf_adds(&pen->outline->path, "m\n");
}

static void
line_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x,
	float y, void *user)
{
	struct pen *pen = data;

	(void)funcs, (void)state, (void)user;
	add_point(pen, x, y);
	rw_buf_adds(&pen->outline->path, "l\n");
}

static void
cubic_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x1,
	float y1, float x2, float y2, float x, float y, void *user)
{
	struct pen *pen = data;

	(void)funcs, (void)state, (void)user;
	add_point(pen, x1, y1);
	add_point(pen, x2, y2);
	add_point(pen, x, y);
	rw_buf_adds(&pen->outline->path, "c\n");
}

/* PDF has cubic curves only. */
static void
quadratic_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state,
	float x1, float y1, float x, float y, void *user)
{
	float x0 = state->current_x, y0 = state->current_y;

	cubic_to(funcs, data, state, x0 + (x1 - x0) * 2 / 3,
		y0 + (y1 - y0) * 2 / 3, x + (x1 - x) * 2 / 3,
		y + (y1 - y) * 2 / 3, x, y, user);
}

static void
close_path(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state,
	void *user)
{
	struct pen *pen = data;

	(void)funcs, (void)state, (void)user;
	rw_buf_adds(&pen->outline->path, "h\n");
}

static hb_draw_funcs_t *
make_funcs(void)
{
	hb_draw_funcs_t *funcs = hb_draw_funcs_create();

	hb_draw_funcs_set_move_to_func(funcs, move_to, NULL, NULL);
	hb_draw_funcs_set_line_to_func(funcs, line_to, NULL, NULL);
	hb_draw_funcs_set_quadratic_to_func(funcs, quadratic_to, NULL, NULL);
	hb_draw_funcs_set_cubic_to_func(funcs, cubic_to, NULL, NULL);
	hb_draw_funcs_set_close_path_func(funcs, close_path, NULL, NULL);
	return funcs;
}

bool
rw_face_outline(const struct rw_face *face, uint32_t glyph,
	struct rw_outline *outline)
{
	struct pen pen = {outline, (float)face->upem, false};
	hb_draw_funcs_t *funcs = make_funcs();

	rw_buf_reset(&outline->path);
	outline->left = outline->bottom = outline->right = outline->top = 0;
#if HB_VERSION_ATLEAST(7, 0, 0)
	hb_font_draw_glyph(face->font, glyph, funcs, &pen);
#else
	hb_font_get_glyph_shape(face->font, glyph, funcs, &pen);
#endif
	hb_draw_funcs_destroy(funcs);
	return !pen.failed && !outline->path.failed;
}

bool
rw_face_draws(const struct rw_face *face, uint32_t c)
{
	struct rw_outline outline = {0};
	uint32_t glyph = rw_face_glyph(face, c);
	bool draws = glyph != 0 && rw_face_outline(face, glyph, &outline) &&
		outline.path.len > 0;

	rw_buf_free(&outline.path);
	return draws;
}
