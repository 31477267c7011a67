/*
 * The member claim of an entry and of a line, as text:
 *
 *	TOKEN[-KEPT][.DOCUMENTS][,DIGESTS][+BEFORE.REVISION.SEQUENCE][!][@]
 *	[:STATE]
 *
 * TOKEN identifies the claim, and is enough to compare claims. The other parts
 * are needed to settle or replace the claim, because the claim is the only
 * member that is certain to be the same in the entry and the line.
 */
#ifndef RW_LEDGER_CLAIM_TEXT_H
#define RW_LEDGER_CLAIM_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ledger/entry.h"
#include "run/run.h"

#define RW_DOCUMENTS_SIZE 17	/* 16 hexadecimal digits and a NUL */
#define RW_BEGINNING_SIZE 9	/* 8 hexadecimal digits and a NUL */

/* The state of an entry before its claim. */
struct rw_before {
	enum rw_state state;	/* RW_STATE_NONE: there was none */
	int64_t revision, sequence;
};

struct rw_claim_text {
	char token[RW_TOKEN_SIZE];
	/* The entry has the figures and the members about the store; kept is
	 * their fingerprint. */
	bool has_kept;
	uint32_t kept;
	/* The first digits of both checksums; "" when the line had none. */
	char documents[RW_DOCUMENTS_SIZE];
	/* The same of content_sha256 and drawn_sha256, which a claim of release
	 * 1.0.0 does not have. */
	char digests[RW_DOCUMENTS_SIZE];
	struct rw_before before;
	/* The line had an error because of which rw-mail sends nothing. */
	bool is_failed;
	/* The run has, or had, a file in the journal. */
	bool has_run;
};

/* Appends the claim as text, without a STATE. */
void
rw_claim_text_add(struct rw_buf *out, const struct rw_claim_text *text);

/* False when the text is not a claim of ours; text is empty then. A STATE is
 * ignored. */
bool
rw_claim_text_parse(struct rw_claim_text *text, const char *claim);

/* True when the same process made both claims, for the same input. */
bool
rw_claim_text_is_of_one_input(const char *a, const char *b);

#endif
