/* With this macro, the C library's headers would define recv themselves. */
#undef _FORTIFY_SOURCE

#include "wire/smtp_case.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/socket.h>

/* State of this process: the open streams, and OpenSSL's function. */
static struct rw_smtp_case *streams;
static int (*read_tls)(void *tls, void *bytes, int len);

void
rw_smtp_case_begin(struct rw_smtp_case *stream, int fd, const void *tls)
{
	rw_smtp_case_end(stream);
	*stream = (struct rw_smtp_case){.next = streams, .is_begun = true,
		.fd = fd, .tls = tls};
	streams = stream;
}

void
rw_smtp_case_end(struct rw_smtp_case *stream)
{
	struct rw_smtp_case **at = &streams;

	if (!stream->is_begun)
		return;
	while (*at != stream)
		at = &(*at)->next;
	*at = stream->next;
	stream->is_begun = false;
}

/* bytes[0] is in the line of a 250 answer, at stream->column. */
static void
raise_one(struct rw_smtp_case *stream, char *byte)
{
	static const char keyword[] = "250-AUTH";
	const size_t end = sizeof keyword - 1;

	if (*byte >= 'a' && *byte <= 'z')
		*byte = (char)(*byte - 'a' + 'A');
	if (stream->column > 3 && stream->column < end)
		stream->is_auth &= *byte == keyword[stream->column];
	else if (*byte == '\t' || (*byte == '=' && stream->column == end &&
	    stream->is_auth))
		*byte = ' ';
}

/* Data that is not text, such as TLS to a proxy, does not contain lines with
 * code 250. */
void
rw_smtp_case_raise(struct rw_smtp_case *stream, char *bytes, size_t len)
{
	static const char code[] = "250";
	size_t i;

	for (i = 0; i < len; i++) {
		if (stream->column == 0)
			stream->is_good = stream->is_auth = true;
		if (stream->column < sizeof code - 1)
			stream->is_good &= bytes[i] == code[stream->column];
		else if (stream->is_good)
			raise_one(stream, &bytes[i]);
		stream->column = bytes[i] == '\n' ? 0 : stream->column + 1;
	}
}

/* ---- in the place of the libraries' functions ---------------------------- */

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	ssize_t n = recvfrom(fd, bytes, len, flags, NULL, NULL);
	struct rw_smtp_case *stream = n > 0 ? streams : NULL;

	for (; stream != NULL; stream = stream->next)
		if (stream->tls == NULL && stream->fd == fd)
			rw_smtp_case_raise(stream, bytes, (size_t)n);
	return n;
}

int
SSL_read(void *tls, void *bytes, int len);

int
SSL_read(void *tls, void *bytes, int len)
{
	struct rw_smtp_case *stream;
	void *found;
	int n;

	if (read_tls == NULL) {
		found = dlsym(RTLD_NEXT, "SSL_read");
		memcpy(&read_tls, &found, sizeof found);
	}
	n = read_tls(tls, bytes, len);
	for (stream = n > 0 ? streams : NULL; stream != NULL;
	    stream = stream->next)
		if (stream->tls == tls)
			rw_smtp_case_raise(stream, bytes, (size_t)n);
	return n;
}
