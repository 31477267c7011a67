#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
rw_buf_free(struct rw_buf *buf)
{
	free(buf->data);
	*buf = (struct rw_buf){.max = buf->max};
}

void
rw_buf_reset(struct rw_buf *buf)
{
	buf->len = 0;
	buf->failed = buf->lacks_memory = false;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

static char *
fail_buf(struct rw_buf *buf)
{
	rw_buf_free(buf);
	buf->failed = true;
	return NULL;
}

static char *
fail_memory(struct rw_buf *buf)
{
	fail_buf(buf);
	buf->lacks_memory = true;
	return NULL;
}

char *
rw_buf_room(struct rw_buf *buf, size_t len)
{
	size_t max = buf->max != 0 ? buf->max : RW_BUF_MAX;
	size_t cap = buf->cap != 0 ? buf->cap : 256;
	char *data;

	if (buf->failed)
		return NULL;
	if (len > max || buf->len > max - len)
		return fail_buf(buf);
	if (buf->data != NULL && buf->len + len < buf->cap)
		return buf->data + buf->len;
	while (cap <= buf->len + len)
		cap *= 2;
	data = realloc(buf->data, cap);
	if (data == NULL)
		return fail_memory(buf);
	/* For a caller that then appends nothing: the text keeps its end. */
	data[buf->len] = '\0';
	buf->data = data;
	buf->cap = cap;
	return data + buf->len;
}

void
rw_buf_grown(struct rw_buf *buf, size_t len)
{
	if (buf->failed)
		return;
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
rw_buf_add(struct rw_buf *buf, const void *bytes, size_t len)
{
	char *room = rw_buf_room(buf, len);

	if (room == NULL)
		return;
	if (len > 0)
		memcpy(room, bytes, len);
	rw_buf_grown(buf, len);
}

void
rw_buf_adds(struct rw_buf *buf, const char *text)
{
	rw_buf_add(buf, text, strlen(text));
}

void
rw_buf_addc(struct rw_buf *buf, char c)
{
	rw_buf_add(buf, &c, 1);
}

void
rw_buf_addf(struct rw_buf *buf, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		fail_memory(buf);
		return;
	}
	rw_buf_add(buf, text, (size_t)len);
	free(text);
}

bool
rw_buf_ok(const struct rw_buf *buf, const char *what, struct rw_err *err)
{
	if (!buf->failed)
		return true;
	if (buf->lacks_memory)
		return rw_fail_memory(err, "%s", what);
	return rw_fail(err, RW_DATA, "%s is longer than %zu bytes", what,
		buf->max != 0 ? buf->max : RW_BUF_MAX);
}

const char *
rw_buf_text(const struct rw_buf *buf)
{
	return buf->data != NULL ? buf->data : "";
}

char *
rw_buf_take(struct rw_buf *buf)
{
	char *text;

	if (buf->failed || rw_buf_room(buf, 0) == NULL)
		return NULL;
	text = buf->data;
	text[buf->len] = '\0';
	*buf = (struct rw_buf){.max = buf->max};
	return text;
}
