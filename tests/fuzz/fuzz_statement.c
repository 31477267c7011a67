/*
 * Any record as a statement, and its two documents, made twice: the same bytes,
 * or the same error. The total is the sum of the days. The mutator changes
 * members and values and leaves JSON.
 */
#include "fuzz.h"

#include "base/money.h"
#include "mutate_json.h"
#include "statement/input.h"
#include "statement/pdf_pages.h"
#include "statement/xlsx.h"

/* A4; where Debian has the DejaVu fonts. */
static const struct rw_pdf_options options = {595.28F, 841.89F,
	"/usr/share/fonts/truetype/dejavu", NULL};

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	return fuzz_mutate_json(data, size, max, seed);
}

static void
draw_pdf(struct rw_pdf *pdf, const struct rw_statement *statement,
	struct rw_buf *out, struct rw_err *err)
{
	const struct rw_look look = {.brand = "Brand"};
	struct rw_err fonts = {0};
	enum rw_pdf_shown shown = RW_PDF_NONE;
	bool good = rw_statement_pdf(pdf, statement, &look, 1751328000, out,
		&shown, &fonts, err);

	fuzz_outcome(good, err);
	require(good ? out->len > 1000 && memcmp(out->data, "%PDF-", 5) == 0 &&
		memmem(out->data + out->len - 8, 8, "%%EOF", 5) != NULL :
		out->len == 0);
}

static void
draw_workbook(struct rw_xlsx_archive *archive,
	const struct rw_statement *statement, struct rw_buf *out,
	struct rw_err *err)
{
	const struct rw_workbook_options workbook = {.brand = "Brand",
		.created = 1751328000};
	bool good = rw_statement_xlsx(archive, statement, &workbook,
		"/tmp/fuzz_statement.xlsx", out, err);

	fuzz_outcome(good, err);
	require(good ? out->len > 1000 && memcmp(out->data, "PK\3\4", 4) == 0 :
		out->len == 0);
}

static void
require_same(const struct rw_buf *a, const struct rw_buf *b)
{
	require(a->len == b->len);
	require(a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* With the same tools: nothing of the first time may be left in them. */
static void
draw_twice(const struct rw_statement *statement)
{
	static struct rw_pdf *pdf;
	static struct rw_xlsx_archive *archive;
	struct rw_buf first = {0}, second = {0};
	struct rw_err err = {0}, again = {0};

	if (pdf == NULL)
		pdf = rw_pdf_new(&options, &err);
	if (archive == NULL)
		archive = rw_xlsx_archive_new(&err);
	require(pdf != NULL && archive != NULL);
	draw_pdf(pdf, statement, &first, &err);
	draw_pdf(pdf, statement, &second, &again);
	require(strcmp(err.message, again.message) == 0);
	require_same(&first, &second);
	rw_buf_reset(&first);
	rw_buf_reset(&second);
	err = again = (struct rw_err){0};
	draw_workbook(archive, statement, &first, &err);
	draw_workbook(archive, statement, &second, &again);
	require_same(&first, &second);
	rw_buf_free(&first);
	rw_buf_free(&second);
}

static void
require_sum(const struct rw_statement *statement)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < statement->in.count; i++) {
		require(rw_date_is_in(statement->in.days[i].date,
			statement->in.period));
		require(rw_money_add(sum, statement->in.days[i].pnl, &sum));
		require(statement->in.days[i].cumulative == sum);
		require(statement->in.days[i].drawdown <= 0);
	}
	require(statement->total == sum);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rw_statement_defaults defaults = {
		.zone = "America/New_York", .has_rate = true, .rate = 200000};
	static struct rw_statement statement;
	const struct rw_period june = {2025, 6};
	struct rw_statement_input in = {0};
	struct rw_record record = {0};
	struct rw_err err = {0};
	bool good;

	if (rw_record_parse(&record, (const char *)data, size, &june, &err)) {
		good = rw_statement_read(&in, &record, &defaults, &err) &&
			rw_statement_build(&statement, &in, &err);
		fuzz_outcome(good, &err);
		if (good) {
			require_sum(&statement);
			draw_twice(&statement);
		}
	}
	rw_record_free(&record);
	return 0;
}
