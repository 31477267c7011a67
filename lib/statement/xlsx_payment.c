/*
 * The last blocks of the sheet Commission: how the commission is paid, and who
 * sends the statement.
 */
#include "record/issuer.h"
#include "statement/payment.h"
#include "statement/xlsx.h"
#include "statement/xlsx_parts_priv.h"

/* Characters on a line of column B. */
enum { WIDE = 46 };

static unsigned
write_head(struct rw_book *book, unsigned row, enum rw_word head)
{
	rw_book_text(book, row, 0, RW_CELL_HEAD, rw_word(head));
	rw_book_text(book, row, 1, RW_CELL_HEAD, "");
	return row + 1;
}

/* A line that belongs to the label above it. */
static unsigned
write_more(struct rw_book *book, unsigned row, const char *text)
{
	rw_book_lines(book, row, 1, RW_CELL_TEXT, WIDE, text);
	return row + 1;
}

/* Returns the next row: the same one when there is no text. */
static unsigned
write_row(struct rw_book *book, unsigned row, enum rw_word label,
	const char *text)
{
	if (text == NULL || text[0] == '\0')
		return row;
	rw_book_text(book, row, 0, RW_CELL_LABEL, rw_word(label));
	return write_more(book, row, text);
}

static unsigned
write_made(struct rw_book *book, unsigned row, enum rw_word label,
	void (*add)(const struct rw_statement *, struct rw_buf *))
{
	struct rw_buf text = {0};

	add(book->statement, &text);
	row = write_row(book, row, label, rw_buf_text(&text));
	rw_buf_free(&text);
	return row;
}

static unsigned
write_transfer(struct rw_book *book, unsigned row)
{
	const struct rw_payee *payee = book->statement->in.payee;
	char iban[RW_IBAN_GROUPED_SIZE];

	rw_iban_grouped(iban, payee->iban);
	row = write_row(book, row, RW_WORD_PAYEE, payee->name);
	row = write_row(book, row, RW_WORD_IBAN, iban);
	row = write_row(book, row, RW_WORD_BIC, payee->bic);
	row = write_made(book, row, RW_WORD_DUE, rw_payment_due);
	return write_made(book, row, RW_WORD_REFERENCE, rw_payment_reference);
}

static void
write_issuer(struct rw_book *book, unsigned row)
{
	const struct rw_issuer *issuer = book->options->issuer;
	size_t i;

	if (issuer == NULL || !rw_issuer_is_set(issuer))
		return;
	row = write_head(book, row, RW_WORD_ISSUER);
	row = write_row(book, row, RW_WORD_NAME, issuer->name);
	for (i = 0; i < issuer->address_lines; i++)
		row = i == 0 ? write_row(book, row, RW_WORD_ADDRESS,
			issuer->address[i]) : write_more(book, row,
			issuer->address[i]);
	row = write_row(book, row, RW_WORD_NUMBER, issuer->number);
	row = write_row(book, row, RW_WORD_CONTACT, issuer->email);
	row = issuer->email == NULL || issuer->url == NULL ?
		write_row(book, row, RW_WORD_CONTACT, issuer->url) :
		write_more(book, row, issuer->url);
	write_row(book, row, RW_WORD_NOTE, issuer->footer);
}

void
rw_book_payment(struct rw_book *book, unsigned row)
{
	enum rw_payment payment = rw_payment_of(book->statement);

	if (payment != RW_PAYMENT_NONE) {
		row = write_head(book, row, RW_WORD_PAYMENT);
		row = write_made(book, row, RW_WORD_IN_WORDS,
			rw_payment_words);
		if (payment == RW_PAYMENT_TRANSFER)
			row = write_transfer(book, row);
		row++;
	}
	write_issuer(book, row);
}
