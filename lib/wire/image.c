#include "wire/image.h"

#include <libexif/exif-data.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

static bool
check_side(unsigned long width, unsigned long height, struct rw_err *err)
{
	return (width <= RW_IMAGE_SIDE && height <= RW_IMAGE_SIDE) ||
		rw_fail(err, RW_DATA, "it has %lu x %lu pixels: expected at "
			"most %d x %d", width, height, RW_IMAGE_SIDE,
			RW_IMAGE_SIDE);
}

/* ---- pixels to a document's form --------------------------------------- */

static unsigned long
big_endian(const unsigned char *bytes)
{
	return (unsigned long)bytes[0] << 24 | (unsigned long)bytes[1] << 16 |
		(unsigned long)bytes[2] << 8 | bytes[3];
}

/* Appends the contents of the IDAT chunks of a file that libpng has just
 * written. */
static void
add_chunks(const unsigned char *file, size_t len, struct rw_buf *out)
{
	enum { SIGNATURE = 8, AROUND = 12 };
	size_t at = SIGNATURE;

	while (len - at >= AROUND) {
		unsigned long size = big_endian(file + at);

		if (memcmp(file + at + 4, "IDAT", 4) == 0)
			rw_buf_add(out, file + at + 8, size);
		at += AROUND + size;
	}
}

/* libpng chooses the filter of each row, and compresses. */
static bool
pack(struct rw_image *image, const png_image *pixels, const void *rows,
	struct rw_err *err)
{
	png_image file = {.version = PNG_IMAGE_VERSION,
		.width = pixels->width, .height = pixels->height,
		.format = pixels->format};
	png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(file);
	unsigned char *bytes = malloc(size);
	bool ok;

	if (bytes == NULL)
		return rw_fail_memory(err, "an image");
	ok = png_image_write_to_memory(&file, bytes, &size, 0, rows, 0, NULL) !=
		0;
	if (ok) {
		add_chunks(bytes, size, &image->data);
		rw_buf_add(&image->file, bytes, size);
	}
	else
		rw_fail(err, RW_DATA, "it cannot be compressed: %s",
			file.message);
	free(bytes);
	return ok && rw_buf_ok(&image->data, "an image", err) &&
		rw_buf_ok(&image->file, "an image", err);
}

static bool
keep_pixels(struct rw_image *image, const png_image *pixels, const void *rows,
	struct rw_err *err)
{
	image->width = (int)pixels->width;
	image->height = (int)pixels->height;
	image->channels = pixels->format == PNG_FORMAT_GRAY ? 1 : 3;
	return pack(image, pixels, rows, err);
}

/* ---- PNG --------------------------------------------------------------- */

/* libpng's simplified API would be shorter, but mixes up the rows of interlaced
 * 16-bit images (1.6.39). */
struct png_source {
	png_structp png;
	png_infop info;
	const unsigned char *bytes;	/* not yet read */
	size_t left;
	unsigned char *pixels;		/* red, green, blue, alpha */
	bool large;
	char why[160];
};

static void
read_bytes(png_structp png, png_bytep to, size_t count)
{
	struct png_source *source = png_get_io_ptr(png);

	if (count > source->left)
		png_error(png, "the file ends too early");
	memcpy(to, source->bytes, count);
	source->bytes += count;
	source->left -= count;
}

/* An error callback must not return to libpng. */
static void
note_error(png_structp png, png_const_charp why)
{
	struct png_source *source = png_get_error_ptr(png);

	snprintf(source->why, sizeof source->why, "%s", why);
	png_longjmp(png, 1);
}

static void
ignore_warning(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

/* Converts any file to four channels of eight bits. */
static void
transform(struct png_source *source)
{
	png_set_expand(source->png);
	png_set_scale_16(source->png);
	png_set_gray_to_rgb(source->png);
	png_set_add_alpha(source->png, 255, PNG_FILLER_AFTER);
	png_set_interlace_handling(source->png);
	png_read_update_info(source->png, source->info);
}

/* False with the reason in why, or with large set. */
static bool
decode_png(struct png_source *source, png_image *image)
{
	png_structp png = source->png;
	unsigned row, pass, passes;

	if (setjmp(png_jmpbuf(png)) != 0)
		return false;
	png_set_read_fn(png, source, read_bytes);
	png_read_info(png, source->info);
	image->width = png_get_image_width(png, source->info);
	image->height = png_get_image_height(png, source->info);
	image->format = (png_get_color_type(png, source->info) &
		PNG_COLOR_MASK_COLOR) != 0 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
	source->large = image->width > RW_IMAGE_SIDE ||
		image->height > RW_IMAGE_SIDE;
	if (source->large)
		return false;
	transform(source);
	source->pixels = calloc(image->height, 4 * (size_t)image->width);
	if (source->pixels == NULL)
		png_error(png, "no memory");
	passes = png_get_interlace_type(png, source->info) ==
		PNG_INTERLACE_ADAM7 ? PNG_INTERLACE_ADAM7_PASSES : 1;
	for (pass = 0; pass < passes; pass++)
		for (row = 0; row < image->height; row++)
			png_read_row(png, source->pixels + (size_t)row * 4 *
				image->width, NULL);
	png_read_end(png, NULL);
	return true;
}

/* Blends the image with a white background, in place: each pixel becomes one
 * byte or three. */
static void
put_on_white(unsigned char *pixels, const png_image *image)
{
	size_t count = (size_t)image->width * image->height, i;
	int channels = image->format == PNG_FORMAT_GRAY ? 1 : 3, c;
	unsigned char *to = pixels;

	for (i = 0; i < count; i++, pixels += 4)
		for (c = 0; c < channels; c++)
			*to++ = (unsigned char)((pixels[c] * pixels[3] +
				255 * (255 - pixels[3]) + 127) / 255);
}

static bool
load_png(struct rw_image *image, const void *bytes, size_t len,
	struct rw_err *err)
{
	struct png_source source = {.bytes = bytes, .left = len};
	png_image pixels = {.version = PNG_IMAGE_VERSION};
	bool ok = false;

	source.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source,
		note_error, ignore_warning);
	if (source.png != NULL)
		source.info = png_create_info_struct(source.png);
	if (source.info == NULL) {
		rw_fail_memory(err, "an image");
	} else if (!decode_png(&source, &pixels)) {
		if (!source.large || check_side(pixels.width, pixels.height,
		    err))
			rw_fail(err, RW_DATA, "the PNG file is damaged: %s",
				source.why);
	} else {
		put_on_white(source.pixels, &pixels);
		ok = keep_pixels(image, &pixels, source.pixels, err);
	}
	png_destroy_read_struct(&source.png, &source.info, NULL);
	free(source.pixels);
	return ok;
}

/* ---- JPEG -------------------------------------------------------------- */

/* Reads the orientation from the Exif data, if any. */
static int
find_orientation(const void *bytes, size_t len)
{
	ExifData *exif = exif_data_new_from_data(bytes, (unsigned)len);
	const ExifEntry *entry;
	int found = 1;

	if (exif == NULL)
		return 1;
	entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0],
		EXIF_TAG_ORIENTATION);
	if (entry != NULL && entry->format == EXIF_FORMAT_SHORT &&
	    entry->size >= 2)
		found = exif_get_short(entry->data,
			exif_data_get_byte_order(exif));
	exif_data_unref(exif);
	return found >= 1 && found <= 8 ? found : 1;
}

/* In the JFIF header, if any: sets pixels of unspecified size. */
static void
drop_resolution(struct rw_buf *file)
{
	static const char square[] = {0, 0, 1, 0, 1};

	if (file->len > 18 && memcmp(file->data + 6, "JFIF", 5) == 0)
		memcpy(file->data + 13, square, sizeof square);
}

/* All readers decode grey and YCbCr in the same way, so the file is kept. An
 * image with other colours is kept as pixels. */
static bool
keep_jpeg(struct rw_image *image, const png_image *pixels, const void *rows,
	int colours, const void *bytes, size_t len, struct rw_err *err)
{
	if (colours != TJCS_GRAY && colours != TJCS_YCbCr)
		return keep_pixels(image, pixels, rows, err);
	image->jpeg = true;
	image->width = (int)pixels->width;
	image->height = (int)pixels->height;
	image->channels = colours == TJCS_GRAY ? 1 : 3;
	rw_buf_add(&image->data, bytes, len);
	rw_buf_add(&image->file, bytes, len);
	if (!rw_buf_ok(&image->data, "an image", err) ||
	    !rw_buf_ok(&image->file, "an image", err))
		return false;
	drop_resolution(&image->file);
	return true;
}

static bool
decode_jpeg(struct rw_image *image, tjhandle jpeg, const void *bytes,
	size_t len, struct rw_err *err)
{
	png_image pixels = {.format = PNG_FORMAT_RGB};
	int width = 0, height = 0, sampling, colours;
	unsigned char *rows;
	bool ok;

	if (tjDecompressHeader3(jpeg, bytes, len, &width, &height, &sampling,
	    &colours) != 0)
		return rw_fail(err, RW_DATA, "the JPEG file is damaged: %s",
			tjGetErrorStr2(jpeg));
	/* A file with only tables has a header but no image. */
	if (width <= 0 || height <= 0)
		return rw_fail(err, RW_DATA, "the JPEG file is damaged: it "
			"has no image");
	if (!check_side((unsigned)width, (unsigned)height, err))
		return false;
	if (colours == TJCS_CMYK || colours == TJCS_YCCK)
		return rw_fail(err, RW_DATA, "the JPEG file has CMYK colours: "
			"expected RGB or grey");
	pixels.width = (png_uint_32)width;
	pixels.height = (png_uint_32)height;
	rows = malloc(PNG_IMAGE_SIZE(pixels));
	if (rows == NULL)
		return rw_fail_memory(err, "an image");
	ok = tjDecompress2(jpeg, bytes, len, rows, width, 0, height, TJPF_RGB,
		TJFLAG_STOPONWARNING) == 0 ?
		keep_jpeg(image, &pixels, rows, colours, bytes, len, err) :
		rw_fail(err, RW_DATA, "the JPEG file is damaged: %s",
			tjGetErrorStr2(jpeg));
	free(rows);
	return ok;
}

static bool
load_jpeg(struct rw_image *image, const void *bytes, size_t len,
	struct rw_err *err)
{
	tjhandle jpeg = tjInitDecompress();
	bool ok;

	if (jpeg == NULL)
		return rw_fail_memory(err, "an image");
	ok = decode_jpeg(image, jpeg, bytes, len, err);
	tjDestroy(jpeg);
	image->orientation = find_orientation(bytes, len);
	return ok;
}

/* ---- both -------------------------------------------------------------- */

bool
rw_image_load(struct rw_image *image, const void *bytes, size_t len,
	struct rw_err *err)
{
	static const unsigned char png[] = {0x89, 'P', 'N', 'G'};
	static const unsigned char jpeg[] = {0xff, 0xd8, 0xff};

	*image = (struct rw_image){.orientation = 1};
	if (len > sizeof png && memcmp(bytes, png, sizeof png) == 0)
		return load_png(image, bytes, len, err);
	if (len > sizeof jpeg && memcmp(bytes, jpeg, sizeof jpeg) == 0)
		return load_jpeg(image, bytes, len, err);
	return rw_fail(err, RW_DATA, "it is not a PNG or JPEG file");
}

void
rw_image_free(struct rw_image *image)
{
	rw_buf_free(&image->file);
	rw_buf_free(&image->data);
}
