#include "store/report_put.h"

#include "base/fault.h"
#include "base/log.h"
#include "record/own.h"

void
rw_report_put_init(struct rw_report_put *put)
{
	*put = (struct rw_report_put){.pdf.file.fd = -1,
		.excel.file.fd = -1};
}

void
rw_report_put_free(struct rw_report_put *put)
{
	rw_s3_put_free(&put->pdf);
	rw_s3_put_free(&put->excel);
	rw_buf_free(&put->pdf_key);
	rw_buf_free(&put->excel_key);
}

void
rw_report_put_unset(struct rw_record *record)
{
	rw_record_forget_stored(record);
	rw_line_set_bool(&record->line, RW_M_MINIO_UPLOAD, false);
}

static bool
feign(struct rw_record *record, enum rw_report_file file, struct rw_err *err)
{
	const struct rw_report_file_info *info = &rw_report_files[file];
	struct rw_buf key = {0};
	const char *path;
	bool good;

	good = rw_record_string(record, info->path, &path, err) &&
		rw_own_add_key(record, file, &key, err);
	if (good) {
		rw_say(RW_NOTICE, "%s: would upload %s to %s",
			rw_record_label(record), path, key.data);
		rw_line_set_string(&record->line, info->key, key.data);
	}
	rw_buf_free(&key);
	return good;
}

bool
rw_report_put_feign(struct rw_record *record, struct rw_err *err)
{
	rw_report_put_unset(record);
	if (!feign(record, RW_REPORT_PDF, err) ||
	    !feign(record, RW_REPORT_EXCEL, err)) {
		rw_report_put_unset(record);
		return false;
	}
	rw_line_set_bool(&record->line, RW_M_DRY_RUN, true);
	return true;
}

/* ---- the outcome ------------------------------------------------------- */

static void
set_version(struct rw_record *record, const char *member, const char *version)
{
	if (*version != '\0')
		rw_line_set_string(&record->line, member, version);
	else
		rw_line_remove(&record->line, member);
}

/* The report expires with the file that expires first. */
static int64_t
first_end(const struct rw_report_put *put)
{
	int64_t a = put->pdf.expires_at, b = put->excel.expires_at;

	return a < 0 ? b : b < 0 || a < b ? a : b;
}

bool
rw_report_put_is_kept(const struct rw_report_put *put)
{
	return put->pdf.expires_at == RW_S3_KEPT &&
		put->excel.expires_at == RW_S3_KEPT;
}

int64_t
rw_report_put_made_at(const struct rw_report_put *put)
{
	return put->pdf.made_at < put->excel.made_at ? put->pdf.made_at :
		put->excel.made_at;
}

static void
set_stored(struct rw_report_put *put)
{
	struct rw_record *record = put->record;
	struct rw_line *line = &record->line;
	int64_t end = first_end(put);

	rw_line_set_string(line, RW_M_PDF_KEY, put->pdf.key);
	rw_line_set_string(line, RW_M_EXCEL_KEY, put->excel.key);
	set_version(record, RW_M_PDF_VERSION_ID, put->pdf.version);
	set_version(record, RW_M_EXCEL_VERSION_ID, put->excel.version);
	if (end >= 0)
		rw_record_set_time(record, RW_M_OBJECT_EXPIRES_AT, end);
	else
		rw_line_remove(line, RW_M_OBJECT_EXPIRES_AT);
	rw_line_set_bool(line, RW_M_MINIO_UPLOAD, true);
	rw_line_remove(line, RW_M_DRY_RUN);
	if (!rw_record_has(record, RW_M_PDF_SHA256))
		rw_line_set_string(line, RW_M_PDF_SHA256, put->pdf.file.sha256);
	if (!rw_record_has(record, RW_M_EXCEL_SHA256))
		rw_line_set_string(line, RW_M_EXCEL_SHA256,
			put->excel.file.sha256);
}

static void
note_failure(struct rw_report_put *put, const struct rw_err *failure)
{
	rw_log_event("Failed to upload to MinIO: %s", failure->message);
	if (!put->has_failed)
		put->failure = *failure;
	put->has_failed = true;
}

static void
end_if_last(struct rw_report_put *put)
{
	if (--put->pending > 0)
		return;
	if (put->has_failed)
		rw_report_put_unset(put->record);
	else
		set_stored(put);
	put->done(put, put->has_failed ? &put->failure : NULL);
}

static void
file_done(struct rw_s3_put *upload)
{
	struct rw_report_put *put = upload->context;

	if (!upload->good)
		note_failure(put, &upload->failure);
	else if (upload->was_stored)
		rw_log_event("Already stored: %s as %s", upload->file.path,
			upload->key);
	else
		rw_log_event("Successfully uploaded %s to %s",
			upload->file.path, upload->key);
	rw_fault(put->pending > 1 ? "one-uploaded" : "both-uploaded");
	end_if_last(put);
}

/* ---- begin ------------------------------------------------------------- */

static bool
describe(struct rw_report_put *put, struct rw_s3_put *upload,
	struct rw_buf *key, enum rw_report_file file,
	const char *stored_member, const char *version_member,
	struct rw_err *err)
{
	const struct rw_report_file_info *info = &rw_report_files[file];
	struct rw_record *record = put->record;

	rw_buf_reset(key);
	if (!rw_own_add_key(record, file, key, err))
		return false;
	upload->key = rw_buf_text(key);
	upload->content_type = info->type;
	upload->follower_id = record->follower_id;
	upload->period = put->period;
	upload->file.is_own = put->is_own;
	upload->done = file_done;
	upload->context = put;
	return rw_record_string(record, info->path, &upload->file.path, err) &&
		rw_record_optional_string(record, info->sha256, NULL,
		&upload->file.expected_sha256, err) &&
		rw_record_optional_string(record, stored_member, NULL,
		&upload->stored_sha256, err) &&
		rw_record_optional_bool(record, RW_M_STORED_AS_SENT,
		&upload->is_as_sent, err) &&
		rw_record_optional_string(record, version_member, NULL,
		&upload->stored_version, err);
}

static void
start_file(struct rw_report_put *put, struct rw_s3_putter *putter,
	struct rw_s3_put *file)
{
	struct rw_err failure;

	if (put->has_failed || !rw_s3_put_start(putter, file, &failure)) {
		if (!put->has_failed)
			note_failure(put, &failure);
		put->pending--;
	}
}

bool
rw_report_put_start(struct rw_report_put *put, struct rw_s3_putter *putter,
	int64_t wanted_until, struct rw_err *err)
{
	rw_period_text(put->period, put->record->period);
	put->pdf.wanted_until = put->excel.wanted_until = wanted_until;
	if (!describe(put, &put->pdf, &put->pdf_key, RW_REPORT_PDF,
	    RW_M_STORED_PDF_SHA256, RW_M_STORED_PDF_VERSION_ID, err) ||
	    !describe(put, &put->excel, &put->excel_key, RW_REPORT_EXCEL,
	    RW_M_STORED_EXCEL_SHA256, RW_M_STORED_EXCEL_VERSION_ID, err))
		return false;
	put->has_failed = false;
	put->pending = 2;
	start_file(put, putter, &put->pdf);
	start_file(put, putter, &put->excel);
	if (put->pending > 0)
		return true;
	if (err != NULL)
		*err = put->failure;
	return false;
}
