#include "base/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* linux/magic.h lacks ZFS, bcachefs and JFS, and has XFS only since 5.3. */
static const unsigned long one_kernel[] = {
	0xef53,		/* ext2, ext3, ext4 */
	0x58465342,	/* XFS */
	0x9123683e,	/* btrfs */
	0xf2f52010,	/* F2FS */
	0x2fc12fc1,	/* ZFS */
	0xca451a4e,	/* bcachefs */
	0x3153464a,	/* JFS */
	0x01021994,	/* tmpfs */
};

bool
rw_boot_is_id(const char *text)
{
	size_t i;

	if (text == NULL || strlen(text) != RW_BOOT_ID_SIZE - 1)
		return false;
	for (i = 0; i < RW_BOOT_ID_SIZE - 1; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ?
		    text[i] != '-' :
		    strchr("0123456789abcdef", text[i]) == NULL)
			return false;
	return true;
}

bool
rw_boot_id(char id[RW_BOOT_ID_SIZE], struct rw_err *err)
{
	int fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return rw_fail_errno(err, RW_CONFIG, "cannot open " BOOT_ID);
	do
		n = read(fd, id, RW_BOOT_ID_SIZE - 1);
	while (n < 0 && errno == EINTR);
	close(fd);
	id[n > 0 ? n : 0] = '\0';
	return rw_boot_is_id(id) || rw_fail(err, RW_CONFIG,
		BOOT_ID " does not hold a boot id");
}

bool
rw_boot_host(struct rw_buf *out, struct rw_err *err)
{
	const char *given = getenv("RW_HOST");
	char name[HOST_NAME_MAX + 1];

	if (given == NULL || given[0] == '\0') {
		if (gethostname(name, sizeof name) != 0)
			return rw_fail_errno(err, RW_CONFIG,
				"this host has no name (set RW_HOST)");
		given = name;
	}
	if (!rw_text_is_utf8(given, strlen(given), NULL))
		return rw_fail(err, RW_CONFIG,
			"the host's name (RW_HOST) is not UTF-8");
	rw_buf_adds(out, given);
	return rw_buf_ok(out, "the host's name", err);
}

int64_t
rw_boot_clock_ms(void)
{
	struct timespec ts = {0};

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool
rw_boot_owns(const char *path)
{
	struct statfs fs;
	size_t i;

	if (statfs(path, &fs) != 0)
		return false;
	for (i = 0; i < sizeof one_kernel / sizeof *one_kernel; i++)
		if ((unsigned long)fs.f_type == one_kernel[i])
			return true;
	return false;
}

bool
rw_boot_has_ended(const struct rw_boot_end *end, const char *here_id,
	int64_t here_ms, int64_t wall_s)
{
	if (end->boot_id != NULL && end->boot_ms > 0 &&
	    strcmp(end->boot_id, here_id) == 0)
		return here_ms >= end->boot_ms;
	return wall_s >= end->wall_s;
}
