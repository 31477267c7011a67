#include "stage_limit.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

enum { LINES = 60, LIST_TIMES = 6, BYTES_A_SECOND = 16 * 1024 };

static uint64_t
count_lines(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char bytes[65536];
	uint64_t lines = 0;
	ssize_t n, i;

	while (fd >= 0 && (n = read(fd, bytes, sizeof bytes)) > 0)
		for (i = 0; i < n; i++)
			lines += bytes[i] == '\n';
	if (fd >= 0)
		close(fd);
	return lines;
}

/* Documents are three directories below. */
enum { DEPTH = 8 };

static uint64_t
count_bytes(const char *dir, int depth)
{
	DIR *stream = depth < DEPTH ? opendir(dir) : NULL;
	struct rw_buf path = {0};
	struct dirent *entry;
	uint64_t bytes = 0;
	struct stat st;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		rw_buf_reset(&path);
		rw_buf_addf(&path, "%s/%s", dir, entry->d_name);
		if (lstat(rw_buf_text(&path), &st) != 0)
			continue;
		bytes += S_ISDIR(st.st_mode) ? count_bytes(rw_buf_text(&path),
			depth + 1) : (uint64_t)st.st_size;
	}
	if (stream != NULL)
		closedir(stream);
	rw_buf_free(&path);
	return bytes;
}

uint64_t
rw_stage_limit(const char *stage, uint64_t seconds, const char *input,
	const char *dir)
{
	uint64_t limit = seconds * (LINES + count_lines(input)) / LINES;

	if (strcmp(stage, "list") == 0)
		limit *= LIST_TIMES;
	if (strcmp(stage, "put") == 0)
		limit += count_bytes(dir, 0) / BYTES_A_SECOND;
	return limit;
}
