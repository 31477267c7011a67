/*
 * The member claim of an entry and of a line, as text:
 *
 *	TOKEN[-KEPT][.DOCUMENTS][+BEFORE.REVISION.SEQUENCE][!][@][:STATE]
 *
 * TOKEN is of one claim alone, and all that whoever compares claims needs.
 * The rest says what whoever settles or replaces the claim has to know, since
 * the claim is the one thing that the entry and the line are sure to have in
 * common.
 */
#ifndef RW_LEDGER_CLAIM_TEXT_H
#define RW_LEDGER_CLAIM_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ledger/entry.h"
#include "run/run.h"

#define RW_DOCUMENTS_SIZE 17	/* 16 hexadecimal digits and a NUL */

/* What an entry was before its claim. */
struct rw_before {
	enum rw_state state;	/* RW_STATE_NONE: there was none */
	int64_t revision, sequence;
};

struct rw_claim_text {
	char token[RW_TOKEN_SIZE];
	/* The entry keeps what lies in the store and the figures; kept is the
	 * fingerprint of which. */
	bool has_kept;
	uint32_t kept;
	/* The beginnings of both checksums, "" when the line had none. */
	char documents[RW_DOCUMENTS_SIZE];
	struct rw_before before;
	/* The line came with an error, and rw-mail sends nothing for it. */
	bool is_failed;
	/* The run has a file in the journal, or had one. */
	bool has_run;
};

/* Appends it, without a STATE. */
void
rw_claim_text_add(struct rw_buf *out, const struct rw_claim_text *text);

/* False when the text is not a claim of ours; text is empty then. A STATE is
 * ignored. */
bool
rw_claim_text_parse(struct rw_claim_text *text, const char *claim);

/* The same process made both, of one input. */
bool
rw_claim_text_is_of_one_input(const char *a, const char *b);

#endif
