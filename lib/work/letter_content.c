#include "work/letter_content.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "wire/digest.h"

const struct rw_letter_file rw_letter_files[2] = {
	{RW_M_PDF_PATH, RW_M_PDF_SHA256, RW_M_PDF_URL, "application/pdf",
		"pdf", RW_TEXT_PDF_NAME, RW_TEXT_PDF_URL},
	{RW_M_EXCEL_PATH, RW_M_EXCEL_SHA256, RW_M_EXCEL_URL,
		"application/vnd.openxmlformats-officedocument"
		".spreadsheetml.sheet",
		"xlsx", RW_TEXT_EXCEL_NAME, RW_TEXT_EXCEL_URL},
};

static bool
is_link(const char *url)
{
	return (strncmp(url, "https://", 8) == 0 ||
		strncmp(url, "http://", 7) == 0) &&
		strpbrk(url, " \"<>\\") == NULL && !rw_text_has_control(url);
}

/* Never shown in a message: a link is a secret. */
static bool
take_links(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err)
{
	const char *url;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!rw_record_string(record, rw_letter_files[i].url, &url,
		    err))
			return false;
		if (!is_link(url))
			return rw_fail(err, RW_DATA, "%s is no http or https "
				"URL", rw_letter_files[i].url);
		rw_buf_adds(&letters->values[rw_letter_files[i].link], url);
	}
	return true;
}

static bool
take_end_of_links(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_buf *validity = &letters->values[RW_TEXT_VALIDITY];
	struct rw_buf *end_words = &letters->values[RW_TEXT_URL_EXPIRES_AT];
	int64_t end = 0, now = 0;
	bool found;

	if (!rw_record_optional_time(record, RW_M_URL_EXPIRES_AT, &found,
	    &end, err) || !rw_clock_document(&now, err))
		return false;
	if (!found) {
		rw_buf_adds(validity, "valid for a limited time");
		rw_buf_adds(end_words, "they are withdrawn");
		return true;
	}
	rw_text_add_moment(end_words, end);
	if (end <= now) {
		rw_fail(err, RW_DATA, "the links ended on %s",
			rw_buf_text(end_words));
		if (err != NULL)
			err->retryable = true;
		return false;
	}
	rw_text_add_validity(validity, now, end);
	return true;
}

static bool
check_sum(struct rw_record *record, size_t i, const struct rw_buf *bytes,
	const char *path, struct rw_err *err)
{
	const char *expected;
	char sum[RW_SHA256_HEX];

	if (!rw_record_optional_string(record, rw_letter_files[i].sha256, NULL,
	    &expected, err))
		return false;
	if (expected == NULL)
		return true;
	if (!rw_sha256_hex(rw_buf_text(bytes), bytes->len, sum, err))
		return false;
	return strcmp(expected, sum) == 0 || rw_fail(err, RW_DATA, "%s is not "
		"the file that was made for this report (%s differs)", path,
		rw_letter_files[i].sha256);
}

/* A file that is gone may have been made again by the next run. */
static bool
gone(const char *member, struct rw_err *err)
{
	if (err == NULL)
		return false;
	err->kind = RW_DATA;
	err->retryable = true;
	return rw_err_prefix(err, "%s", member);
}

static bool
take_file(struct rw_letters *letters, struct rw_record *record, size_t i,
	struct rw_err *err)
{
	struct rw_buf *bytes = &letters->files[i];
	size_t before = i == 0 ? 0 : letters->files[0].len;
	const char *path;
	struct stat st;

	if (!rw_record_string(record, rw_letter_files[i].path, &path, err))
		return false;
	if (stat(path, &st) != 0) {
		rw_fail_errno(err, RW_IO, "cannot open %s", path);
		return gone(rw_letter_files[i].path, err);
	}
	if (!S_ISREG(st.st_mode))
		return rw_fail(err, RW_DATA, "%s: %s is no file",
			rw_letter_files[i].path, path);
	if ((uint64_t)st.st_size > letters->max_attach - before)
		return rw_fail(err, RW_DATA, "the files are larger than "
			"RW_MAX_ATTACH, %zu bytes", letters->max_attach);
	bytes->max = letters->max_attach + 65536;
	if (!rw_file_read(path, bytes, err))
		return gone(rw_letter_files[i].path, err);
	return check_sum(record, i, bytes, path, err);
}

bool
rw_letter_take_links(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err)
{
	return take_links(letters, record, err) &&
		take_end_of_links(letters, record, err);
}

bool
rw_letter_take_files(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err)
{
	return take_file(letters, record, 0, err) &&
		take_file(letters, record, 1, err);
}
