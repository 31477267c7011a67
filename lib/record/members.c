#include "record/members.h"

#include <string.h>

const struct rw_member rw_record_members[] = {
	{RW_M_FOLLOWER_ID, RW_G_INPUT},
	{RW_M_REPORT_PERIOD, RW_G_INPUT},
	{RW_M_EMAIL, RW_G_INPUT},
	{RW_M_NAME, RW_G_INPUT},
	{RW_M_IBAN, RW_G_INPUT},
	{RW_M_CURRENCY, RW_G_INPUT},
	{RW_M_COMMISSION_PCT, RW_G_INPUT},
	{RW_M_DAILY_PNL, RW_G_INPUT},
	{RW_M_HIGH_WATER_MARK, RW_G_INPUT},
	{RW_M_OPENING_BALANCE, RW_G_INPUT},
	{RW_M_LOCALE, RW_G_INPUT},
	{RW_M_CC, RW_G_INPUT},
	{RW_M_EXPECTED_TOTAL_PNL, RW_G_INPUT},
	{RW_M_EXPECTED_COMMISSION, RW_G_INPUT},
	{RW_M_EXPECTED_COMMISSION_PCT, RW_G_INPUT},
	{RW_M_COMMISSION_PAID_ON, RW_G_INPUT},
	{RW_M_COMMISSION_REFERENCE, RW_G_INPUT},
	{RW_M_REVISION, RW_G_LOOKUP},
	{RW_M_SENT_FIGURES, RW_G_LOOKUP},
	{RW_M_SENT_CHECKSUMS, RW_G_LOOKUP},
	{RW_M_TAKEN_OVER, RW_G_LOOKUP},
	{RW_M_STORED_PDF_SHA256, RW_G_LOOKUP},
	{RW_M_STORED_EXCEL_SHA256, RW_G_LOOKUP},
	{RW_M_TOTAL_PNL, RW_G_FIGURES},
	{RW_M_COMMISSION_AMOUNT, RW_G_FIGURES},
	{RW_M_HIGH_WATER_MARK_AFTER, RW_G_FIGURES},
	{RW_M_PDF_PATH, RW_G_FILES},
	{RW_M_EXCEL_PATH, RW_G_FILES},
	{RW_M_PDF_SHA256, RW_G_FILES},
	{RW_M_EXCEL_SHA256, RW_G_FILES},
	{RW_M_PDF_BYTES, RW_G_FILES},
	{RW_M_EXCEL_BYTES, RW_G_FILES},
	{RW_M_PDF_KEY, RW_G_STORED},
	{RW_M_EXCEL_KEY, RW_G_STORED},
	{RW_M_PDF_VERSION_ID, RW_G_STORED},
	{RW_M_EXCEL_VERSION_ID, RW_G_STORED},
	{RW_M_OBJECT_EXPIRES_AT, RW_G_STORED},
	{RW_M_MINIO_UPLOAD, RW_G_STORED},
	{RW_M_DRY_RUN, RW_G_STORED},
	{RW_M_PDF_URL, RW_G_LINK},
	{RW_M_EXCEL_URL, RW_G_LINK},
	{RW_M_URL_EXPIRES_AT, RW_G_LINK},
	{RW_M_URL_SCHEME, RW_G_LINK},
	{RW_M_RUN_ID, RW_G_CLAIM},
	{RW_M_CLAIM, RW_G_CLAIM},
	{RW_M_LEASE_UNTIL, RW_G_CLAIM},
	{RW_M_BOOT_ID, RW_G_CLAIM},
	{RW_M_LEASE_BOOT_MS, RW_G_CLAIM},
	{RW_M_LEDGER_LEASE_UNTIL, RW_G_CLAIM},
	{RW_M_SEQUENCE, RW_G_CLAIM},
	{RW_M_STATE, RW_G_CLAIM},
	{RW_M_MAIL_DATE, RW_G_CLAIM},
	{RW_M_EMAIL_SENT, RW_G_DELIVERY},
	{RW_M_SENT_TIMESTAMP, RW_G_DELIVERY},
	{RW_M_MESSAGE_ID, RW_G_DELIVERY},
	{RW_M_DELIVERY, RW_G_DELIVERY},
	{RW_M_ERROR, RW_G_ERROR},
};

const size_t rw_record_member_count =
	sizeof rw_record_members / sizeof *rw_record_members;

/* The tools that put an error on a line, in the order of the pipeline. */
static const struct {
	const char *name;
	bool leaves_files;	/* what failed there can be attached */
} tools[] = {
	{"rw-list", false},
	{"rw-record", false},
	{"rw-gen", false},
	{"rw-sign", false},
	{"rw-put", true},
	{"rw-presign", true},
	{"rw-verify", true},
	{"rw-mail", false},
};

enum { TOOLS = sizeof tools / sizeof *tools };

/* TOOLS when it is unknown. */
static size_t
place_of(const char *tool)
{
	size_t i = 0;

	while (i < TOOLS && strcmp(tools[i].name, tool) != 0)
		i++;
	return i;
}

/* ---- whose error ------------------------------------------------------- */

bool
rw_record_failed_after(struct rw_record *record, const char *tool)
{
	const char *failed = rw_record_error_tool(record);
	size_t place = failed != NULL ? place_of(failed) : TOOLS;

	return place < TOOLS && place > place_of(tool);
}

bool
rw_record_may_be_mailed(struct rw_record *record)
{
	const char *failed = rw_record_error_tool(record);
	size_t place = failed != NULL ? place_of(failed) : TOOLS;

	return failed == NULL || (place < TOOLS && tools[place].leaves_files);
}

/* ---- what is removed --------------------------------------------------- */

void
rw_record_forget(struct rw_record *record, unsigned groups)
{
	size_t i;

	for (i = 0; i < rw_record_member_count; i++)
		if ((groups & RW_GROUP(rw_record_members[i].group)) != 0)
			rw_line_remove(&record->line, rw_record_members[i].name);
}

void
rw_record_make_input(struct rw_record *record)
{
	unsigned ours = RW_GROUP(RW_G_COUNT) - 1;

	ours &= ~(RW_GROUP(RW_G_INPUT) | RW_GROUP(RW_G_ERROR));
	if (rw_record_failed_after(record, "rw-record"))
		ours |= RW_GROUP(RW_G_ERROR);
	rw_record_forget(record, ours);
}

void
rw_record_forget_report(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_FIGURES) |
		RW_GROUP(RW_G_FILES));
}

void
rw_record_forget_stored(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_STORED));
}

void
rw_record_forget_links(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_LINK));
}

void
rw_record_forget_mail(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_DELIVERY));
}
