#include "wire/fonts.h"

#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One font that is installed. */
struct font {
	char *path, *family;
	unsigned index;
	bool bold;
	int rank;		/* among families; the lowest is asked first */
	FcCharSet *characters;	/* NULL: DejaVu, which is asked itself */
	bool tried;
	struct rw_face face;	/* {0}: not opened, or not usable */
};

struct rw_fonts {
	const char *dir;
	pthread_mutex_t lock;	/* of all below */
	struct font dejavu[2];	/* regular, bold */
	bool listed;
	struct font *fonts;	/* in the order in which they are asked */
	size_t count;
};

struct rw_fonts *
rw_fonts_new(const char *dir)
{
	struct rw_fonts *fonts = calloc(1, sizeof *fonts);

	if (fonts == NULL)
		return NULL;
	fonts->dir = dir;
	pthread_mutex_init(&fonts->lock, NULL);
	return fonts;
}

static void
free_font(struct font *font)
{
	rw_face_close(&font->face);
	if (font->characters != NULL)
		FcCharSetDestroy(font->characters);
	free(font->path);
	free(font->family);
}

void
rw_fonts_delete(struct rw_fonts *fonts)
{
	size_t i;

	if (fonts == NULL)
		return;
	for (i = 0; i < fonts->count; i++)
		free_font(&fonts->fonts[i]);
	free_font(&fonts->dejavu[0]);
	free_font(&fonts->dejavu[1]);
	free(fonts->fonts);
	pthread_mutex_destroy(&fonts->lock);
	free(fonts);
}

/* ---- which fonts are installed ------------------------------------------- */

static int
rank_of(const char *family)
{
	static const char *const first[] = {"Noto Sans Mono",
		"Noto Sans Display", "Noto Sans CJK", "Noto Sans Symbols",
		"Noto Sans", "Noto Serif"};
	static const int ranks[] = {6, 5, 3, 4, 2, 7};
	size_t i;

	if (strcmp(family, "Noto Sans") == 0)
		return 1;
	for (i = 0; i < sizeof first / sizeof *first; i++)
		if (strncmp(family, first[i], strlen(first[i])) == 0)
			return ranks[i];
	return 8;
}

static int
compare_fonts(const void *a, const void *b)
{
	const struct font *x = a, *y = b;
	int order = x->rank != y->rank ? x->rank - y->rank :
		strcmp(x->family, y->family);

	if (order == 0)
		order = strcmp(x->path, y->path);
	return order != 0 ? order : (x->index > y->index) -
		(x->index < y->index);
}

/* Upright, of normal width, regular or bold, with outlines, and of Noto; of a
 * variable font the named instances. */
static bool
read_pattern(FcPattern *pattern, struct font *font)
{
	FcChar8 *file, *family;
	int index, slant = 0, width = 100;
	FcBool outline = FcFalse, color = FcFalse, variable = FcFalse;
	double weight = 0;

	if (FcPatternGetString(pattern, FC_FAMILY, 0, &family) !=
	    FcResultMatch || strncmp((char *)family, "Noto ", 5) != 0 ||
	    FcPatternGetString(pattern, FC_FILE, 0, &file) != FcResultMatch ||
	    FcPatternGetInteger(pattern, FC_INDEX, 0, &index) !=
	    FcResultMatch || FcPatternGetDouble(pattern, FC_WEIGHT, 0,
	    &weight) != FcResultMatch)
		return false;
	FcPatternGetBool(pattern, FC_OUTLINE, 0, &outline);
	FcPatternGetBool(pattern, FC_COLOR, 0, &color);
	FcPatternGetBool(pattern, FC_VARIABLE, 0, &variable);
	FcPatternGetInteger(pattern, FC_SLANT, 0, &slant);
	FcPatternGetInteger(pattern, FC_WIDTH, 0, &width);
	font->bold = weight == FC_WEIGHT_BOLD;
	if (!outline || color || variable || slant != 0 || width != 100 ||
	    (!font->bold && weight != FC_WEIGHT_REGULAR) ||
	    FcPatternGetCharSet(pattern, FC_CHARSET, 0, &font->characters) !=
	    FcResultMatch)
		return false;
	font->characters = FcCharSetCopy(font->characters);
	font->path = strdup((char *)file);
	font->family = strdup((char *)family);
	font->index = (unsigned)index;
	font->rank = rank_of(font->family);
	return true;
}

/* The directories of Debian's fonts.conf, without the forty files of rules for
 * programs that ask for a font by name: to read those costs as much as a
 * statement. */
static const char system_fonts[] = "<?xml version=\"1.0\"?>"
	"<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>"
	"<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
	"<dir prefix=\"xdg\">fonts</dir><dir>~/.fonts</dir>"
	"<include ignore_missing=\"yes\">/etc/fonts/local.conf</include>"
	"<cachedir>/var/cache/fontconfig</cachedir>"
	"<cachedir prefix=\"xdg\">fontconfig</cachedir></fontconfig>";

static FcConfig *
load_config(void)
{
	FcConfig *config;

	if (getenv("FONTCONFIG_FILE") != NULL ||
	    getenv("FONTCONFIG_PATH") != NULL)
		return FcInitLoadConfigAndFonts();
	config = FcConfigCreate();
	if (config != NULL && FcConfigParseAndLoadFromMemory(config,
	    (const FcChar8 *)system_fonts, FcTrue) &&
	    FcConfigBuildFonts(config))
		return config;
	if (config != NULL)
		FcConfigDestroy(config);
	return NULL;
}

static void
list_fonts(struct rw_fonts *fonts)
{
	FcConfig *config = load_config();
	FcFontSet *set = config == NULL ? NULL : FcConfigGetFonts(config,
		FcSetSystem);
	int i;

	fonts->listed = true;
	if (set != NULL)
		fonts->fonts = calloc((size_t)set->nfont + 1,
			sizeof *fonts->fonts);
	for (i = 0; set != NULL && fonts->fonts != NULL && i < set->nfont; i++)
		if (read_pattern(set->fonts[i], &fonts->fonts[fonts->count]))
			fonts->count++;
		else
			fonts->fonts[fonts->count] = (struct font){0};
	if (fonts->fonts != NULL && fonts->count > 0)
		qsort(fonts->fonts, fonts->count, sizeof *fonts->fonts,
			compare_fonts);
	if (config != NULL)
		FcConfigDestroy(config);
}

/* ---- one font ------------------------------------------------------------- */

static const struct rw_face *
open_font(struct font *font)
{
	struct rw_err ignored;

	if (!font->tried && font->path != NULL)
		rw_face_open(&font->face, font->path, font->index, &ignored);
	font->tried = true;
	return font->face.font != NULL ? &font->face : NULL;
}

static const struct rw_face *
try_dejavu(struct rw_fonts *fonts, uint32_t c, bool bold)
{
	struct font *font = &fonts->dejavu[bold];
	struct rw_buf path = {0};
	const struct rw_face *face;

	if (font->path == NULL) {
		rw_buf_addf(&path, "%s/%s.ttf", fonts->dir, bold ?
			"DejaVuSans-Bold" : "DejaVuSans");
		font->path = rw_buf_take(&path);
	}
	face = open_font(font);
	return face != NULL && rw_face_draws(face, c) ? face : NULL;
}

/* Of the fonts with all Han characters, those of the other countries. */
static bool
is_foreign(const char *family, enum rw_han han)
{
	static const char *const ends[] = {" SC", " JP", " KR"};

	return strstr(family, " CJK ") != NULL &&
		strstr(family, ends[han]) == NULL;
}

static const struct rw_face *
try_noto(struct rw_fonts *fonts, uint32_t c, bool bold, enum rw_han han)
{
	const struct rw_face *face;
	size_t i;

	for (i = 0; i < fonts->count; i++) {
		struct font *font = &fonts->fonts[i];

		if (font->bold != bold || is_foreign(font->family, han) ||
		    !FcCharSetHasChar(font->characters, c))
			continue;
		face = open_font(font);
		if (face != NULL && rw_face_draws(face, c))
			return face;
	}
	return NULL;
}

static const struct rw_face *
find(struct rw_fonts *fonts, uint32_t c, bool bold, enum rw_han han)
{
	const struct rw_face *face = try_dejavu(fonts, c, bold);

	if (face != NULL)
		return face;
	if (!fonts->listed)
		list_fonts(fonts);
	face = try_noto(fonts, c, bold, han);
	if (face == NULL)
		face = try_noto(fonts, c, !bold, han);
	return face != NULL ? face : try_dejavu(fonts, c, !bold);
}

const struct rw_face *
rw_fonts_find(struct rw_fonts *fonts, uint32_t c, bool bold, enum rw_han han)
{
	const struct rw_face *face;

	pthread_mutex_lock(&fonts->lock);
	face = find(fonts, c, bold, han);
	pthread_mutex_unlock(&fonts->lock);
	return face;
}
