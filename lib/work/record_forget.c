/* What an earlier attempt, or another run, has left on a line. */
#include "work/record.h"

static void
forget(struct rw_record *record, const char *const *members, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		rw_line_remove(&record->line, members[i]);
}

#define FORGET(record, ...) \
	forget(record, (const char *const []){__VA_ARGS__}, \
		sizeof((const char *const []){__VA_ARGS__}) / sizeof(char *))

void
rw_record_forget_report(struct rw_record *record)
{
	FORGET(record, RW_M_TOTAL_PNL, RW_M_COMMISSION_AMOUNT,
		RW_M_HIGH_WATER_MARK_AFTER, RW_M_PDF_PATH, RW_M_EXCEL_PATH,
		RW_M_PDF_SHA256, RW_M_EXCEL_SHA256, RW_M_PDF_BYTES,
		RW_M_EXCEL_BYTES);
}

void
rw_record_forget_stored(struct rw_record *record)
{
	FORGET(record, RW_M_PDF_KEY, RW_M_EXCEL_KEY, RW_M_PDF_VERSION_ID,
		RW_M_EXCEL_VERSION_ID, RW_M_OBJECT_EXPIRES_AT,
		RW_M_MINIO_UPLOAD, RW_M_DRY_RUN);
}

void
rw_record_forget_links(struct rw_record *record)
{
	FORGET(record, RW_M_PDF_URL, RW_M_EXCEL_URL, RW_M_URL_EXPIRES_AT,
		RW_M_URL_SCHEME);
}

void
rw_record_forget_mail(struct rw_record *record)
{
	FORGET(record, RW_M_EMAIL_SENT, RW_M_SENT_TIMESTAMP, RW_M_MESSAGE_ID,
		RW_M_DELIVERY);
}
