#include "mail/letter_content.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "wire/digest.h"

const struct rw_letter_file rw_letter_files[RW_REPORT_FILES] = {
	[RW_REPORT_PDF] = {RW_TEXT_PDF_NAME, RW_TEXT_PDF_URL,
		RW_TEXT_PDF_SHA256},
	[RW_REPORT_EXCEL] = {RW_TEXT_EXCEL_NAME, RW_TEXT_EXCEL_URL,
		RW_TEXT_EXCEL_SHA256},
};

static bool
is_link(const char *url)
{
	return (strncmp(url, "https://", 8) == 0 ||
		strncmp(url, "http://", 7) == 0) &&
		strpbrk(url, " \"<>\\") == NULL && !rw_text_has_control(url);
}

/* A link is a secret, so that no message contains it. */
static bool
take_links(struct rw_letter_content *content, struct rw_record *record,
	struct rw_err *err)
{
	const char *url;
	size_t i;

	for (i = 0; i < RW_REPORT_FILES; i++) {
		if (!rw_record_string(record, rw_report_files[i].url, &url,
		    err))
			return false;
		if (!is_link(url))
			return rw_fail(err, RW_DATA, "%s is not an http or "
				"https URL", rw_report_files[i].url);
		rw_buf_adds(&content->values[rw_letter_files[i].link], url);
	}
	return true;
}

/* Links work until they expire or the store deletes the files. */
static bool
find_end(struct rw_record *record, bool *found, int64_t *end, bool *is_deletion,
	struct rw_err *err)
{
	int64_t deleted = 0;
	bool is_deleted;

	if (!rw_record_optional_time(record, RW_M_URL_EXPIRES_AT, found, end,
	    err) || !rw_record_optional_time(record, RW_M_OBJECT_EXPIRES_AT,
	    &is_deleted, &deleted, err))
		return false;
	*is_deletion = is_deleted && (!*found || deleted < *end);
	if (*is_deletion)
		*end = deleted;
	*found = *found || is_deleted;
	return true;
}

static bool
take_end_of_links(struct rw_letter_content *content, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_buf *validity = &content->values[RW_TEXT_VALIDITY];
	struct rw_buf *end_words = &content->values[RW_TEXT_URL_EXPIRES_AT];
	int64_t end = 0, now = 0;
	bool found, is_deletion;

	if (!find_end(record, &found, &end, &is_deletion, err) ||
	    !rw_clock_document(&now, err))
		return false;
	if (!found) {
		rw_buf_adds(validity, "valid for a limited time");
		rw_buf_adds(end_words, "they are withdrawn");
		return true;
	}
	rw_text_add_moment(end_words, end);
	if (end <= now) {
		rw_fail(err, RW_DATA, "%s on %s", is_deletion ? "the store "
			"deleted the files" : "the links expired",
			rw_buf_text(end_words));
		if (err != NULL)
			err->retryable = true;
		return false;
	}
	rw_text_add_validity(validity, now, end);
	return true;
}

static bool
check_sum(struct rw_letter_content *content, struct rw_record *record, size_t i,
	const char *sum, const char *path, struct rw_err *err)
{
	const char *member = rw_report_files[i].sha256, *expected;

	if (!rw_record_optional_string(record, member, NULL, &expected, err))
		return false;
	rw_buf_adds(&content->values[rw_letter_files[i].sha256], sum);
	return expected == NULL || strcmp(expected, sum) == 0 ||
		rw_fail(err, RW_DATA, "%s is not the file that was made for "
			"this report (%s differs)", path, member);
}

/* The next run may make a missing file again. */
static bool
fail_gone(const char *member, struct rw_err *err)
{
	if (err == NULL)
		return false;
	err->retryable = err->kind == RW_IO;
	err->kind = RW_DATA;
	return rw_err_prefix(err, "%s", member);
}

static bool
open_attachment(const struct rw_letter_content *content,
	struct rw_record *record, size_t i, const char **path, int *fd,
	struct stat *st, struct rw_err *err)
{
	const char *member = rw_report_files[i].path;

	return rw_record_string(record, member, path, err) &&
		(rw_file_open(*path, content->is_run ?
		RW_REPORT_NAME_PARTS : 0, fd, st, err) ||
		fail_gone(member, err));
}

/* The compared bytes are the same bytes that are sent. */
static bool
read_file(struct rw_letter_content *content, size_t i, const char *path, int fd,
	const struct stat *st, char sum[RW_SHA256_HEX], struct rw_err *err)
{
	size_t before = i == 0 ? 0 : content->files[0].len;
	struct rw_buf *bytes = &content->files[i];

	if ((uint64_t)st->st_size > content->max_attach - before)
		return rw_fail(err, RW_DATA, "the files are larger than "
			"RW_MAX_ATTACH, %zu bytes", content->max_attach);
	bytes->max = content->max_attach + 65536;
	if (!rw_file_read_fd(fd, path, bytes, err))
		return fail_gone(rw_report_files[i].path, err);
	return rw_sha256_hex(rw_buf_text(bytes), bytes->len, sum, err);
}

static bool
take_file(struct rw_letter_content *content, struct rw_record *record, size_t i,
	struct rw_err *err)
{
	char sum[RW_SHA256_HEX];
	const char *path;
	struct stat st;
	bool good;
	int fd;

	if (!open_attachment(content, record, i, &path, &fd, &st, err))
		return false;
	good = read_file(content, i, path, fd, &st, sum, err) &&
		check_sum(content, record, i, sum, path, err);
	close(fd);
	return good;
}

/* Of a file behind a link, in a pipeline by hand. */
static void
believe_sum(struct rw_letter_content *content, struct rw_record *record,
	size_t i)
{
	const char *sum = NULL;

	if (rw_record_optional_string(record, rw_report_files[i].sha256, NULL,
	    &sum, NULL) && sum != NULL && strlen(sum) == RW_SHA256_HEX - 1 &&
	    strspn(sum, "0123456789abcdef") == RW_SHA256_HEX - 1)
		rw_buf_adds(&content->values[rw_letter_files[i].sha256], sum);
}

/* As lines that sha256sum -c reads. */
static void
add_checksums(struct rw_letter_content *content)
{
	const struct rw_buf *values = content->values;
	struct rw_buf *out = &content->values[RW_TEXT_CHECKSUMS];
	size_t i;

	for (i = 0; i < RW_REPORT_FILES; i++) {
		const struct rw_letter_file *file = &rw_letter_files[i];

		if (values[file->sha256].len == 0)
			continue;
		if (out->len == 0)
			rw_buf_adds(out, "\nTo check a file, compare its "
				"SHA-256 checksum:\n");
		rw_buf_addf(out, "%s  %s\n", rw_buf_text(&values[file->sha256]),
			rw_buf_text(&values[file->name]));
	}
}

/* Even when the letter has links, the files must have the checksums of the
 * record. Otherwise the ledger would record a different document as sent. */
static bool
compare_file(struct rw_letter_content *content, struct rw_record *record,
	size_t i, struct rw_err *err)
{
	char sum[RW_SHA256_HEX];
	const char *path;
	struct stat st;
	bool good;
	int fd;

	if (!content->is_run) {
		believe_sum(content, record, i);
		return true;
	}
	if (!open_attachment(content, record, i, &path, &fd, &st, err))
		return false;
	good = rw_sha256_fd(fd, path, sum, NULL, err) ?
		check_sum(content, record, i, sum, path, err) :
		fail_gone(rw_report_files[i].path, err);
	close(fd);
	return good;
}

bool
rw_letter_take_links(struct rw_letter_content *content,
	struct rw_record *record, struct rw_err *err)
{
	bool good = take_links(content, record, err) &&
		take_end_of_links(content, record, err) &&
		compare_file(content, record, RW_REPORT_PDF, err) &&
		compare_file(content, record, RW_REPORT_EXCEL, err);

	add_checksums(content);
	return good;
}

bool
rw_letter_take_files(struct rw_letter_content *content,
	struct rw_record *record, struct rw_err *err)
{
	bool good = take_file(content, record, RW_REPORT_PDF, err) &&
		take_file(content, record, RW_REPORT_EXCEL, err);

	add_checksums(content);
	return good;
}

void
rw_letter_content_reset(struct rw_letter_content *content)
{
	size_t i;

	for (i = 0; i < RW_TEXT_VALUES; i++)
		rw_buf_reset(&content->values[i]);
	for (i = 0; i < RW_REPORT_FILES; i++)
		rw_buf_reset(&content->files[i]);
}

void
rw_letter_content_free(struct rw_letter_content *content)
{
	size_t i;

	for (i = 0; i < RW_TEXT_VALUES; i++)
		rw_buf_free(&content->values[i]);
	for (i = 0; i < RW_REPORT_FILES; i++)
		rw_buf_free(&content->files[i]);
}
