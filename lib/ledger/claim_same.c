/* Compares a line with the report of an entry's last claim. */
#include "ledger/claim.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"

/* The claim has only the beginning, and the entry the whole digest, which may be
 * that of an earlier sending. */
static void
take_digest(char out[RW_SHA256_HEX], const char *beginning,
	const struct rw_entry *entry, enum rw_field field)
{
	const char *whole = rw_entry_text(entry, field);
	size_t len = RW_DOCUMENTS_SIZE / 2;

	if (whole != NULL && strlen(whole) == RW_SHA256_HEX - 1 &&
	    strncmp(whole, beginning, len) == 0)
		len = RW_SHA256_HEX - 1;
	snprintf(out, RW_SHA256_HEX, "%.*s", (int)len,
		len == RW_SHA256_HEX - 1 ? whole : beginning);
}

/* Only the claim of a revision that was not sent yet leaves the figures of the
 * one before in the entry, until its outcome is recorded. */
static bool
has_own_figures(const struct rw_entry *entry, const struct rw_claim_text *text)
{
	enum rw_state state = rw_entry_state(entry);

	return state == RW_STATE_SENT || text->has_kept ||
		rw_entry_number(entry, RW_F_REVISION, 1) == 1 ||
		rw_entry_number(entry, RW_F_SEQUENCE, 0) > 0;
}

void
rw_claim_claimed(const struct rw_entry *entry, struct rw_claimed *claimed)
{
	struct rw_claim_text text;

	*claimed = (struct rw_claimed){0};
	rw_claim_text_parse(&text, rw_entry_text(entry, RW_F_CLAIM));
	claimed->has_figures = has_own_figures(entry, &text) &&
		rw_entry_has(entry, RW_F_TOTAL_PNL) &&
		rw_entry_has(entry, RW_F_COMMISSION_AMOUNT);
	if (text.digests[0] == '\0')
		return;
	take_digest(claimed->content, text.digests, entry,
		RW_F_CONTENT_SHA256);
	take_digest(claimed->drawn, text.digests + RW_DOCUMENTS_SIZE / 2,
		entry, RW_F_DRAWN_SHA256);
}

/* ---- one report and another ------------------------------------------------ */

static const char *
member_text(struct rw_record *record, const char *member)
{
	const char *text = NULL;
	struct rw_err ignored;

	return rw_record_optional_string(record, member, NULL, &text,
		&ignored) ? text : NULL;
}

/* Amounts, not their text; what cannot be read differs. */
static bool
is_amount(const char *then, const char *now)
{
	int64_t a, b;

	return now != NULL &&
		rw_money_parse_sum(then, strlen(then), &a, NULL) &&
		rw_money_parse_sum(now, strlen(now), &b, NULL) && a == b;
}

static bool
has_figures(const struct rw_entry *entry, struct rw_record *record)
{
	const char *then = rw_entry_text(entry, RW_F_CURRENCY);
	const char *now = member_text(record, RW_M_CURRENCY);

	return is_amount(rw_entry_text(entry, RW_F_TOTAL_PNL),
		member_text(record, RW_M_TOTAL_PNL)) &&
		is_amount(rw_entry_text(entry, RW_F_COMMISSION_AMOUNT),
		member_text(record, RW_M_COMMISSION_AMOUNT)) &&
		strcmp(then != NULL ? then : RW_MONEY_DEFAULT_CURRENCY,
		now != NULL ? now : RW_MONEY_DEFAULT_CURRENCY) == 0;
}

static bool
is_other_document(const struct rw_entry *entry, struct rw_record *record)
{
	char now[RW_DOCUMENTS_SIZE];
	struct rw_claim_text text;

	rw_claim_text_parse(&text, rw_entry_text(entry, RW_F_CLAIM));
	rw_claim_documents(record, now);
	return text.documents[0] != '\0' && now[0] != '\0' &&
		strcmp(text.documents, now) != 0;
}

bool
rw_claim_is_of_another(const struct rw_entry *entry,
	struct rw_record *record, bool is_sent)
{
	char now[RW_DOCUMENTS_SIZE];
	struct rw_claim_text text;
	struct rw_claimed claimed;

	rw_claim_claimed(entry, &claimed);
	rw_claim_text_parse(&text, rw_entry_text(entry, RW_F_CLAIM));
	rw_claim_digests(record, now);
	if (text.digests[0] != '\0' && now[0] != '\0')
		return strncmp(text.digests, now, is_sent ?
			RW_DOCUMENTS_SIZE / 2 : RW_DOCUMENTS_SIZE) != 0;
	/* A line that rw-gen has not made has no figures to compare. */
	if (text.digests[0] == '\0' && now[0] != '\0' && claimed.has_figures)
		return !has_figures(entry, record);
	return is_other_document(entry, record);
}
