#include "store/s3_rules.h"

#include <stdio.h>
#include <string.h>

#include "store/s3_document.h"

/* ---- reading ----------------------------------------------------------- */

/* True for a bucket without rules; stores have several codes for this. */
static bool
has_none(const struct rw_s3_call *call)
{
	return !call->good && call->http.status == 404 &&
		strcmp(call->error.code, "NoSuchBucket") != 0;
}

static bool
is_without_rules(const struct rw_s3_call *call)
{
	return call->http.end == RW_HTTP_ANSWERED &&
		(call->http.status == 501 || call->http.status == 405);
}

/* Reads the document; it is left empty when the bucket has none. */
static bool
fetch(struct rw_s3 *s3, struct rw_buf *document, bool *none,
	struct rw_err *err)
{
	struct rw_s3_call call = {0};
	struct rw_err failure;
	bool good = rw_s3_document_get(s3, &call, "lifecycle=", &failure);

	rw_buf_reset(document);
	*none = has_none(&call);
	if (good)
		rw_buf_add(document, rw_buf_text(&call.http.answer),
			call.http.answer.len);
	else if (is_without_rules(&call))
		rw_fail(err, RW_REFUSED, "this store has no lifecycle rules "
			"(%d %s), so that nothing deletes reports: delete "
			"them in another way", call.http.status,
			call.error.code);
	else if (!*none && err != NULL)
		*err = failure;
	rw_s3_call_free(&call);
	return (good || *none) && rw_buf_ok(document, "the rules", err);
}

static const char *
text_of(const struct rw_buf *document, bool none)
{
	return none ? NULL : rw_buf_text(document);
}

static bool
read_state(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	struct rw_buf *document, bool *none, struct rw_lifecycle_state *state,
	struct rw_err *err)
{
	return fetch(s3, document, none, err) && rw_lifecycle_read(
		text_of(document, *none), document->len, wanted, state, err);
}

bool
rw_s3_rules_read(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	struct rw_lifecycle_state *state, struct rw_err *err)
{
	struct rw_buf document = {0};
	bool none, good = read_state(s3, wanted, &document, &none, state, err);

	rw_buf_free(&document);
	return good;
}

/* ---- writing ----------------------------------------------------------- */

/* The parts to leave out, the least important first. */
static const unsigned less[] = {0, RW_RULES_PARTS, RW_RULES_MARKERS,
	RW_RULES_MARKERS | RW_RULES_PARTS, RW_RULES_NONCURRENT,
	RW_RULES_NONCURRENT | RW_RULES_PARTS,
	RW_RULES_NONCURRENT | RW_RULES_MARKERS, RW_RULES_ALL};

enum { LESS = sizeof less / sizeof *less, FORMS = 2 };

/* True when the store refuses the document, not the request: each store has its
 * own way to refuse an unknown element. */
static bool
is_about_rules(const struct rw_s3_call *call)
{
	int status = call->http.status;

	return call->http.end == RW_HTTP_ANSWERED && (status == 400 ||
		status == 405 || status == 409 || status == 422 ||
		status == 501) && !rw_s3_error_is_general(call->error.code) &&
		strcmp(call->error.code, "RequestTimeTooSkewed") != 0;
}

enum put_outcome { PUT_GOOD, PUT_REFUSED, PUT_FAILED };

static enum put_outcome
put(struct rw_s3 *s3, const char *current, size_t len,
	const struct rw_lifecycle *rules, struct rw_err *err)
{
	struct rw_s3_call call = {0};
	struct rw_buf document = {0};
	enum put_outcome outcome = PUT_FAILED;

	if (rw_lifecycle_write(current, len, rules, &document, err))
		outcome = rw_s3_document_put(s3, &call, "lifecycle=",
			&document, err) ? PUT_GOOD : is_about_rules(&call) ?
			PUT_REFUSED : PUT_FAILED;
	rw_s3_call_free(&call);
	rw_buf_free(&document);
	return outcome;
}

/* True when the store already has the rules that remain with these parts left
 * out. */
static bool
has_as_much(const struct rw_lifecycle_state *state, unsigned lacks)
{
	return state->deletes_reports && !state->is_wrong &&
		(state->lacks & ~lacks) == 0;
}

/* Writes as many parts as the store accepts, in either form, beginning with the
 * form of the other rules. */
static bool
put_most(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	const struct rw_lifecycle_state *before, const char *current,
	size_t len, struct rw_err *err)
{
	struct rw_lifecycle rules = *wanted;
	struct rw_err failure, first = {0};
	enum put_outcome outcome;
	unsigned i;

	for (i = 0; i < LESS * FORMS; i++) {
		rules.lacks = less[i / FORMS];
		rules.is_v1 = before->others_are_v1 != (i % FORMS == 1);
		if (has_as_much(before, rules.lacks))
			return true;
		outcome = put(s3, current, len, &rules, &failure);
		if (outcome == PUT_GOOD)
			return true;
		if (first.kind == RW_OK)
			first = failure;
		if (outcome == PUT_FAILED)
			break;
	}
	if (err != NULL)
		*err = outcome == PUT_FAILED ? failure : first;
	return outcome == PUT_FAILED ? false : rw_err_prefix(err,
		"the store accepts no rule that deletes %s", RW_LIFECYCLE_PREFIX);
}

static bool
is_kept(const struct rw_lifecycle_state *before,
	const struct rw_lifecycle_state *after, struct rw_err *err)
{
	if (!after->deletes_reports || after->is_wrong)
		return rw_fail(err, RW_REFUSED, "the store accepted the "
			"lifecycle rules but returns different ones");
	return after->others >= before->others || rw_fail(err, RW_REFUSED,
		"the store has kept %zu of %zu lifecycle rules of other programs: "
		"restore the missing ones, for another prefix than %s",
		after->others, before->others, RW_LIFECYCLE_PREFIX);
}

bool
rw_s3_rules_set(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	struct rw_lifecycle_state *state, bool *changed, struct rw_err *err)
{
	struct rw_lifecycle_state before;
	struct rw_buf document = {0};
	bool none, good;

	*changed = false;
	good = read_state(s3, wanted, &document, &none, &before, err);
	if (good)
		*state = before;
	if (good && !rw_lifecycle_is_complete(&before)) {
		good = put_most(s3, wanted, &before,
			text_of(&document, none), document.len, err) &&
			read_state(s3, wanted, &document, &none, state, err) &&
			is_kept(&before, state, err);
		*changed = good && (!before.deletes_reports ||
			before.is_wrong || before.lacks != state->lacks);
	}
	rw_buf_free(&document);
	return good;
}

/* ---- what they do ------------------------------------------------------ */

void
rw_s3_rules_ask(struct rw_s3_call *call)
{
	call->method = "GET";
	call->query = "lifecycle=";
	call->once = true;
}

enum rw_lifecycle_fate
rw_s3_rules_judge(const struct rw_s3_call *call, unsigned *days,
	struct rw_err *why)
{
	enum rw_lifecycle_fate fate;

	*days = 0;
	if (has_none(call))
		return RW_FATE_KEPT;
	if (!call->good) {
		*why = call->failure;
		return RW_FATE_UNKNOWN;
	}
	fate = rw_lifecycle_fate(rw_buf_text(&call->http.answer),
		call->http.answer.len, days);
	if (fate == RW_FATE_UNKNOWN)
		rw_fail(why, RW_REFUSED, "its lifecycle rules cannot be read, "
			"or have conditions");
	return fate;
}

enum rw_lifecycle_fate
rw_s3_rules_fate(struct rw_s3 *s3, unsigned *days, struct rw_err *why)
{
	struct rw_s3_call call = {0};
	enum rw_lifecycle_fate fate;

	rw_s3_rules_ask(&call);
	(void)rw_s3_do(s3, &call, why);
	fate = rw_s3_rules_judge(&call, days, why);
	rw_s3_call_free(&call);
	return fate;
}
