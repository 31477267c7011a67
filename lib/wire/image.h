/*
 * A PNG or JPEG image, checked and in a form that a document can embed: the
 * bytes of a file of somebody else are decoded here, whole, before anything
 * else sees them.
 *
 * Of a PNG the pixels are kept, over white, in eight bits; a JPEG file is kept
 * as it is when each reader of documents decodes it alike.
 *
 * Errors: RW_DATA: not an image, damaged, larger than RW_IMAGE_SIDE, or of a
 * kind that a document cannot hold. RW_IO for want of memory.
 * Source: libpng-manual.txt, sections III and V; TurboJPEG 2.1; Exif 2.32, tag 274; ISO 32000-1, 7.4.4.4 and 8.9.5.
 */
#ifndef RW_WIRE_IMAGE_H
#define RW_WIRE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Pixels: the longest side. */
#define RW_IMAGE_SIDE 4096

struct rw_image {
	int width, height;	/* of the pixels as they are stored */
	int channels;		/* 1: grey, 3: red, green, blue */
	int orientation;	/* how they are to be turned, from 1 to 8 as in
				 * Exif: 1 not at all */
	bool jpeg;
	struct rw_buf file;	/* the image as a file for other programs,
				 * without a resolution */
	struct rw_buf data;	/* a JPEG file; or rows in PNG's filters,
				 * compressed with zlib */
};

/* image: {0}. To be freed also after a failure. */
bool
rw_image_load(struct rw_image *image, const void *bytes, size_t len,
	struct rw_err *err);

void
rw_image_free(struct rw_image *image);

#endif
