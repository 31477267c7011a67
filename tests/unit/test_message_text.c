#include "base/clock.h"
#include "mail/message_text.h"
#include "tap.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static const struct {
	int64_t left;
	const char *expected;
} validities[] = {
	{30 * DAY, "valid for 30 days"},
	{30 * DAY - 40 * MINUTE, "valid for 30 days"},
	{29 * DAY + 13 * HOUR, "valid for 30 days"},
	{29 * DAY + 11 * HOUR, "valid for 29 days"},
	{7 * DAY - 1, "valid for 7 days"},
	{2 * DAY, "valid for 2 days"},
	{2 * DAY - MINUTE, "valid for 48 hours"},
	{DAY, "valid for 24 hours"},
	{HOUR, "valid for 1 hour"},
	{HOUR - 1, "valid for 59 minutes"},
	{90, "valid for 1 minute"},
	{1, "valid for 1 minute"},
};

static const struct {
	const char *brand;
	int64_t revision;
	const char *extension, *expected;
} file_names[] = {
	{"SpreadPilot", 1, "pdf", "SpreadPilot_Report_2025-06.pdf"},
	{"SpreadPilot", 2, "xlsx", "SpreadPilot_Report_2025-06_r2.xlsx"},
	{"M\xc3\xbcller & Co", 1, "pdf",
		"M\xc3\xbcller_&_Co_Report_2025-06.pdf"},
	{"../a\\b:c\"d", 1, "pdf", ".._a_b_c_d_Report_2025-06.pdf"},
};

static const struct {
	int64_t seconds;
	const char *expected;
} moments[] = {
	{1753920600, "31 July 2025, 00:10 UTC"},
	{0, "1 January 1970, 00:00 UTC"},
	{1709251199, "29 February 2024, 23:59 UTC"},
};

int
main(void)
{
	struct rw_buf out = {0};
	struct rw_texts texts;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof validities / sizeof *validities; i++) {
		rw_buf_reset(&out);
		rw_text_add_validity(&out, 1000, 1000 + validities[i].left);
		is(rw_buf_text(&out), validities[i].expected, "%lld seconds",
			(long long)validities[i].left);
	}
	for (i = 0; i < sizeof file_names / sizeof *file_names; i++) {
		rw_buf_reset(&out);
		rw_text_add_file_name(&out, file_names[i].brand,
			(struct rw_period){2025, 6}, file_names[i].revision,
			file_names[i].extension);
		is(rw_buf_text(&out), file_names[i].expected, "file name");
	}
	for (i = 0; i < sizeof moments / sizeof *moments; i++) {
		rw_buf_reset(&out);
		rw_text_add_moment(&out, moments[i].seconds);
		is(rw_buf_text(&out), moments[i].expected, "moment");
	}
	ok(rw_texts_open(&texts, NULL, &err), "the default texts are right");
	rw_texts_close(&texts);
	ok(!rw_texts_open(&texts, "/nonexistent", &err) &&
		err.kind == RW_CONFIG, "a directory that is not there");
	rw_buf_free(&out);
	return done();
}
