#include "record/report_name.h"

#include <inttypes.h>

#include "record/record.h"

const struct rw_report_file_info rw_report_files[RW_REPORT_FILES] = {
	[RW_REPORT_PDF] = {RW_M_PDF_PATH, RW_M_PDF_SHA256, RW_M_PDF_KEY,
		RW_M_PDF_VERSION_ID, RW_M_PDF_URL, "application/pdf", "pdf"},
	[RW_REPORT_EXCEL] = {RW_M_EXCEL_PATH, RW_M_EXCEL_SHA256,
		RW_M_EXCEL_KEY, RW_M_EXCEL_VERSION_ID, RW_M_EXCEL_URL,
		"application/vnd.openxmlformats-officedocument"
		".spreadsheetml.sheet", "xlsx"},
};

void
rw_report_add_name(struct rw_buf *out, struct rw_period period,
	const char *follower_id, int64_t revision, enum rw_report_file file)
{
	char month[RW_PERIOD_SIZE];

	rw_period_text(month, period);
	rw_buf_addf(out, "%s/%s/report_%s", month, follower_id, month);
	if (revision > 1)
		rw_buf_addf(out, "_r%" PRId64, revision);
	rw_buf_addf(out, ".%s", rw_report_files[file].extension);
}

void
rw_report_add_key(struct rw_buf *out, struct rw_period period,
	const char *follower_id, int64_t revision, enum rw_report_file file)
{
	rw_buf_adds(out, "reports/");
	rw_report_add_name(out, period, follower_id, revision, file);
}
