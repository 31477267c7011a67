#include "wire/gzip.h"

#include <limits.h>

#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, LEVEL = 6, MEMORY = 8 };

bool
rw_gzip(const void *bytes, size_t len, struct rw_buf *out, struct rw_err *err)
{
	z_stream stream = {0};
	size_t room;
	char *place;
	int result;

	if (len > UINT_MAX || deflateInit2(&stream, LEVEL, Z_DEFLATED,
	    GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return rw_fail(err, RW_BUG, "zlib cannot be set up");
	room = deflateBound(&stream, len);
	place = room > UINT_MAX ? NULL : rw_buf_room(out, room);
	if (place == NULL) {
		deflateEnd(&stream);
		return rw_fail(err, RW_BUG, "no room to compress %zu bytes",
			len);
	}
	stream.next_in = (z_const Bytef *)(size_t)bytes;
	stream.avail_in = (uInt)len;
	stream.next_out = (Bytef *)place;
	stream.avail_out = (uInt)room;
	result = deflate(&stream, Z_FINISH);
	rw_buf_grown(out, room - stream.avail_out);
	deflateEnd(&stream);
	return result == Z_STREAM_END ||
		rw_fail(err, RW_BUG, "zlib cannot compress");
}
