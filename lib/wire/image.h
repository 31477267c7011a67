/*
 * A PNG or JPEG image, checked and in a form that a document can embed. A
 * foreign file is decoded completely here before any other code uses it.
 *
 * A PNG is kept as pixels on white, with eight bits a channel. A JPEG file is
 * kept unchanged if all readers of documents decode it in the same way.
 *
 * Errors: RW_DATA: not an image, damaged, larger than RW_IMAGE_SIDE, or of a
 * kind that a document cannot contain. RW_IO: no memory. Source:
 * libpng-manual.txt, sections III and V; TurboJPEG 2.1; Exif 2.32, tag 274; ISO
 * 32000-1, 7.4.4.4 and 8.9.5.
 */
#ifndef RW_WIRE_IMAGE_H
#define RW_WIRE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* The longest side, in pixels. */
#define RW_IMAGE_SIDE 4096

struct rw_image {
	int width, height;	/* of the stored pixels */
	int channels;		/* 1: grey, 3: red, green, blue */
	int orientation;	/* rotation for display, 1 to 8 as in Exif; 1:
				 * none */
	bool jpeg;
	struct rw_buf file;	/* the image as a file for other programs,
				 * without a resolution */
	struct rw_buf data;	/* a JPEG file; or rows in PNG's filters,
				 * compressed with zlib */
};

/* image must be {0}, and must be freed also after a failure. */
bool
rw_image_load(struct rw_image *image, const void *bytes, size_t len,
	struct rw_err *err);

void
rw_image_free(struct rw_image *image);

#endif
