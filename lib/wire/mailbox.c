#include "wire/mailbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

enum { READ_SIZE = 65536 };

/* ---- a stream ---------------------------------------------------------- */

struct stream {
	const struct rw_mailbox_reader *reader;
	const char *name;
	struct rw_buf message;
	bool begun;		/* a message is being read */
	bool is_full;		/* the rest of it is skipped */
	bool after_blank;	/* the line before is empty, or there is none */
	uint64_t number;	/* of the message */
};

static bool
end_message(struct stream *s, struct rw_err *err)
{
	char name[512];

	if (!s->begun)
		return true;
	s->begun = s->is_full = false;
	snprintf(name, sizeof name, "%.450s: message %llu", s->name,
		(unsigned long long)++s->number);
	return rw_buf_ok(&s->message, "a message", err) &&
		s->reader->visit(s->reader->context, name,
		rw_buf_text(&s->message), s->message.len, err);
}

static bool
is_empty(const char *line, size_t len)
{
	return len == 1 ? line[0] == '\n' :
		len == 2 && line[0] == '\r' && line[1] == '\n';
}

static void
keep_bytes(struct stream *s, const char *bytes, size_t len)
{
	s->is_full = s->is_full || s->message.len + len > s->reader->most;
	if (!s->is_full)
		rw_buf_add(&s->message, bytes, len);
}

/* A whole line, or the first READ_SIZE bytes of a longer one. */
static bool
take_line(struct stream *s, const char *line, size_t len, struct rw_err *err)
{
	bool separates = s->after_blank && len >= 5 &&
		memcmp(line, "From ", 5) == 0;

	s->after_blank = is_empty(line, len);
	if (separates && !end_message(s, err))
		return false;
	if (separates)
		rw_buf_reset(&s->message);
	else if (s->begun || !s->after_blank)
		keep_bytes(s, line, len);
	s->begun = s->begun || separates || !s->after_blank;
	return true;
}

/* Up to and with the next line end, at most READ_SIZE bytes; 0: the end. */
static size_t
get_line(FILE *file, char *line)
{
	size_t len = 0;
	int c;

	while (len < READ_SIZE && (c = getc_unlocked(file)) != EOF) {
		line[len++] = (char)c;
		if (c == '\n')
			break;
	}
	return len;
}

static bool
split_lines(struct stream *s, FILE *file, struct rw_err *err)
{
	char *line = malloc(READ_SIZE);
	bool at_start = true, ok = true;
	size_t len;

	if (line == NULL)
		return rw_fail_memory(err, "%s", s->name);
	while (ok && (len = get_line(file, line)) > 0) {
		if (at_start)
			ok = take_line(s, line, len, err);
		else
			keep_bytes(s, line, len);
		at_start = line[len - 1] == '\n';
	}
	free(line);
	if (ok && ferror(file) != 0)
		return rw_fail_errno(err, RW_IO, "cannot read %s", s->name);
	return ok;
}

bool
rw_mailbox_read_stream(int fd, const char *name,
	const struct rw_mailbox_reader *reader, struct rw_err *err)
{
	struct stream s = {.reader = reader, .name = name,
		.after_blank = true};
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	FILE *file = copy >= 0 ? fdopen(copy, "r") : NULL;
	bool ok;

	if (file == NULL) {
		rw_fail_errno(err, RW_IO, "cannot read %s", name);
		if (copy >= 0)
			close(copy);
		return false;
	}
	ok = split_lines(&s, file, err) && end_message(&s, err);
	fclose(file);
	rw_buf_free(&s.message);
	return ok;
}

bool
rw_mailbox_read_file(const char *path, const struct rw_mailbox_reader *reader,
	struct rw_err *err)
{
	struct stat st;
	bool ok;
	int fd;

	if (!rw_file_open(path, 0, &fd, &st, err)) {
		if (err != NULL && err->kind == RW_DATA)
			err->kind = RW_CONFIG;
		return false;
	}
	ok = rw_mailbox_read_stream(fd, path, reader, err);
	close(fd);
	return ok;
}

/* ---- a maildir --------------------------------------------------------- */

static bool
read_start(int fd, struct rw_buf *out, size_t most, const char *path,
	struct rw_err *err)
{
	char bytes[READ_SIZE];
	ssize_t n = 1;

	while (n > 0 && out->len < most) {
		n = read(fd, bytes, sizeof bytes);
		if (n > 0)
			rw_buf_add(out, bytes, (size_t)n < most - out->len ?
				(size_t)n : most - out->len);
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0)
		return rw_fail_errno(err, RW_IO, "cannot read %s", path);
	return rw_buf_ok(out, "a message", err);
}

static bool
visit_file(int dir_fd, const char *dir, const char *name,
	const struct rw_mailbox_reader *reader, struct rw_err *err)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		O_CLOEXEC);
	struct rw_buf bytes = {0}, path = {0};
	struct stat st;
	bool ok = true;

	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
		return true;
	rw_buf_addf(&path, "%s/%s", dir, name);
	if (fd < 0)
		ok = rw_fail_errno(err, RW_IO, "cannot read %s",
			rw_buf_text(&path));
	else if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		ok = read_start(fd, &bytes, reader->most, rw_buf_text(&path),
			err) && reader->visit(reader->context,
			rw_buf_text(&path), rw_buf_text(&bytes), bytes.len,
			err);
	if (fd >= 0)
		close(fd);
	rw_buf_free(&path);
	rw_buf_free(&bytes);
	return ok;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
read_sub(const char *dir, const struct rw_mailbox_reader *reader,
	struct rw_err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), n, i;
	struct dirent **names = NULL;
	bool ok = true;

	if (fd < 0)
		return rw_fail_errno(err, errno == ENOENT || errno == ENOTDIR ?
			RW_CONFIG : RW_IO, "cannot read the maildir's "
			"directory %s", dir);
	n = scandirat(fd, ".", &names, is_visible, alphasort);
	if (n < 0)
		ok = rw_fail_errno(err, RW_IO, "cannot read %s", dir);
	for (i = 0; i < n; i++) {
		ok = ok && visit_file(fd, dir, names[i]->d_name, reader, err);
		free(names[i]);
	}
	free(names);
	close(fd);
	return ok;
}

bool
rw_mailbox_read_dir(const char *dir, const struct rw_mailbox_reader *reader,
	struct rw_err *err)
{
	static const char *const subs[] = {"new", "cur"};
	struct rw_buf path = {0};
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < 2; i++) {
		rw_buf_reset(&path);
		rw_buf_addf(&path, "%s/%s", dir, subs[i]);
		ok = read_sub(rw_buf_text(&path), reader, err);
	}
	rw_buf_free(&path);
	return ok;
}
