#include "statement/xlsx.h"

#include <stdio.h>
#include <xlsxwriter.h>

#include "base/gate.h"
#include "statement/xlsx_parts_priv.h"

/* ---- sheets ------------------------------------------------------------ */

/* &P is the page number and &N the number of pages. At most 255 bytes are
 * allowed. */
static void
set_footer(struct rw_book *book)
{
	struct rw_buf subject = {0}, page = {0};
	char foot[320];

	rw_statement_subject(book->statement, &subject);
	rw_statement_page("&P", "&N", &page);
	snprintf(foot, sizeof foot, "&L&8%.160s&R&8%s", rw_buf_text(&subject),
		rw_buf_text(&page));
	rw_book_note(book, (int)worksheet_set_footer(book->sheet, foot));
	rw_buf_free(&subject);
	rw_buf_free(&page);
}

static void
add_sheet(struct rw_book *book, const char *name, bool landscape,
	void (*fill)(struct rw_book *))
{
	lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, name);

	if (sheet == NULL) {
		rw_book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
		return;
	}
	book->sheet = sheet;
	worksheet_set_paper(sheet, book->options->letter ? 1 : 9);
	if (landscape)
		worksheet_set_landscape(sheet);
	worksheet_fit_to_pages(sheet, 1, 0);
	worksheet_set_margins(sheet, 0.6, 0.6, 0.7, 0.8);
	worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
	set_footer(book);
	fill(book);
}

static void
set_properties(struct rw_book *book)
{
	char title[128], subject[192], author[256];
	lxw_doc_properties properties = {0};
	struct rw_buf words = {0};

	rw_statement_title(book->statement, &words);
	snprintf(title, sizeof title, "%s", rw_buf_text(&words));
	rw_buf_reset(&words);
	rw_statement_subject(book->statement, &words);
	snprintf(subject, sizeof subject, "%s", rw_buf_text(&words));
	rw_buf_free(&words);
	snprintf(author, sizeof author, "%s", book->options->brand);
	properties.title = title;
	properties.subject = subject;
	properties.author = author;
	properties.company = author;
	/* To the library 0 means the current time. */
	properties.created = book->options->created != 0 ?
		(time_t)book->options->created : 1;
	rw_book_note(book, (int)workbook_set_properties(book->workbook,
		&properties));
}

/* libxlsxwriter formats the workbook's date with gmtime(3), which has one
 * static result for all threads. */
static struct rw_gate same_date = RW_GATE;

static void
fill_book(struct rw_book *book)
{
	set_properties(book);
	rw_book_add_formats(book);
	add_sheet(book, RW_SHEET_SUMMARY, true, rw_book_summary);
	add_sheet(book, RW_SHEET_DAILY, false, rw_book_daily);
	add_sheet(book, RW_SHEET_COMMISSION, false, rw_book_commission);
	if (book->statement->year.known)
		add_sheet(book, RW_SHEET_MONTHS, false, rw_book_months);
	if (book->statement->correction_count > 0)
		add_sheet(book, rw_word(RW_WORD_CORRECTIONS), false,
			rw_book_corrections);
	add_sheet(book, rw_word(RW_WORD_DEFINITIONS), false,
		rw_book_definitions);
}

/* Closing makes the archive and frees the workbook, whatever the outcome. */
static int
close_book(struct rw_book *book, struct rw_xlsx_archive *archive)
{
	int failure;

	rw_xlsx_archive_begin(archive);
	rw_gate_enter(&same_date, book->options->created);
	failure = (int)workbook_close(book->workbook);
	rw_gate_leave(&same_date);
	return failure;
}

bool
rw_statement_xlsx(struct rw_xlsx_archive *archive,
	const struct rw_statement *statement,
	const struct rw_workbook_options *options, const char *path,
	struct rw_buf *out, struct rw_err *err)
{
	struct rw_book book;
	int failure;

	do {
		book = (struct rw_book){.statement = statement,
			.options = options, .workbook = workbook_new(path)};
		if (book.workbook == NULL)
			return rw_fail_memory(err, "a workbook");
		fill_book(&book);
		failure = close_book(&book, archive);
	} while (rw_xlsx_archive_is_lost(archive, failure != 0));
	if (!rw_xlsx_archive_end(archive, path, out, err))
		return false;
	if (book.failure == 0 && failure == 0)
		return true;
	return rw_fail(err, book.failure == 0 ? RW_IO : RW_BUG,
		"cannot write the workbook %s: %s", path, lxw_strerror(
		(lxw_error)(book.failure != 0 ? book.failure : failure)));
}
