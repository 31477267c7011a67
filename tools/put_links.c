#include "put_links.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/link_trial.h"
#include "store/link.h"

enum { ANSWER_MAX = 4096 };	/* bytes: of an error response */

struct trial {
	const struct rw_store *store;
	const struct rw_put_links *links;
	const struct rw_put_probe *probe;
	struct rw_s3 *s3;		/* without keys, because a follower has
					 * none */
	struct rw_buf url, life;
};

/* The part of the URL that is not secret: "https://HOST". */
static int
start_of(const struct trial *t)
{
	const char *url = rw_buf_text(&t->url), *host = strstr(url, "://");

	return host == NULL ? 0 : (int)(host + 3 - url) +
		(int)strcspn(host + 3, "/");
}

/* Exactly the same bytes: a sign-in page is also answered with status 200. */
static bool
fetch(struct trial *t, struct rw_err *err)
{
	struct rw_s3_call call = {.method = "GET",
		.url = rw_buf_text(&t->url), .answer_max = ANSWER_MAX,
		.takes_part = true};
	bool good = rw_s3_do(t->s3, &call, err);

	if (good && strcmp(rw_buf_text(&call.http.answer), t->probe->bytes) != 0)
		good = rw_fail(err, RW_REFUSED, "the link does not give the "
			"bytes that were stored: does %.*s lead to this "
			"store?", start_of(t), rw_buf_text(&t->url));
	rw_s3_call_free(&call);
	return good;
}

static bool
try_linker(struct trial *t, struct rw_linker *linker, struct rw_err *err)
{
	int64_t now = rw_clock_now_ms() / 1000;
	struct rw_link link = {.key = t->probe->key,
		.version = t->probe->version, .period = {2025, 6},
		.revision = 1, .file = RW_REPORT_PDF,
		.now = t->links->at >= 0 ? t->links->at : now};

	rw_buf_reset(&t->url);
	return rw_linker_make(linker, &link, &t->url, err) &&
		rw_buf_ok(&t->url, "a link", err) && fetch(t, err);
}

/* Explains the failure where the store's answer does not. */
static void
explain(struct trial *t, struct rw_linker *linker, struct rw_err *err)
{
	struct rw_err ignored;

	if (err->kind != RW_REFUSED)
		return;
	if (rw_linker_drop_name(linker) && try_linker(t, linker, &ignored))
		rw_fail(err, RW_REFUSED, "this store does not accept links "
			"that name the file to save: set RW_DOWNLOAD_NAME to the "
			"empty value");
	else if (linker->scheme->is_sigv2 && t->store->identity.token != NULL)
		rw_fail(err, RW_REFUSED, "this store does not accept SigV2 "
			"links that are signed with temporary keys: use "
			"permanent ones, or a lifetime of at most 7d");
}

/* Tries one scheme with one lifetime. */
static bool
try_scheme(struct trial *t, const char *name, uint64_t expires,
	const struct rw_link_scheme **scheme, struct rw_err *err)
{
	struct rw_linker linker;
	bool good;

	if (!rw_linker_open(&linker, t->store, name, expires, err))
		return false;
	*scheme = linker.scheme;
	good = try_linker(t, &linker, err);
	if (!good)
		explain(t, &linker, err);
	rw_linker_close(&linker);
	return good;
}

static const char *
life(struct trial *t, uint64_t seconds)
{
	rw_buf_reset(&t->life);
	rw_text_add_duration(&t->life, seconds);
	return rw_buf_text(&t->life);
}

static void
try_each(struct trial *t)
{
	const struct rw_link_scheme *scheme;
	struct rw_err failure;
	uint64_t expires;
	size_t i;

	for (i = 0; i < RW_SCHEMES; i++) {
		scheme = rw_link_schemes[i];
		if (!scheme->is_set(t->store))
			continue;
		expires = t->links->expires;
		if (scheme->longest != 0 && expires > scheme->longest)
			expires = scheme->longest;
		if (try_scheme(t, scheme->name, expires, &scheme, &failure))
			rw_checklist_good(scheme->name, "the store honours a "
				"%s link of %s", scheme->title,
				life(t, expires));
		else
			rw_checklist_warn(scheme->name, "no %s links: %s",
				scheme->title, failure.message);
	}
}

/* If only this host cannot open a link, the operator can overrule the check. */
static void
say_dead(const struct rw_err *failure, struct rw_checklist *list)
{
	struct rw_err err = *failure;
	enum rw_link_trial trial;

	if (!rw_link_trial_read(&trial, &err)) {
		rw_checklist_fail(list, "links", &err);
		return;
	}
	if (failure->kind == RW_CONFIG) {
		rw_checklist_fail(list, "links", failure);
		return;
	}
	if (trial == RW_TRIAL_OFF) {
		rw_checklist_warn("links", "%s; such links are mailed all the "
			"same (RW_VERIFY=off)", failure->message);
		return;
	}
	rw_fail(&err, failure->kind, "%s; files would be attached. If "
		"followers can open such a link and only this host cannot "
		"(split DNS), set RW_VERIFY=off", failure->message);
	rw_checklist_fail(list, "links", &err);
}

static void
try_own(struct trial *t, struct rw_checklist *list)
{
	const struct rw_link_scheme *scheme = NULL;
	struct rw_err failure;

	if (try_scheme(t, t->links->scheme, t->links->expires, &scheme,
	    &failure)) {
		rw_checklist_good("links", "%s for %s: fetched from %.*s",
			scheme->name, life(t, t->links->expires),
			start_of(t), rw_buf_text(&t->url));
		return;
	}
	if (scheme != NULL)
		rw_err_prefix(&failure, "a link as a run makes it (%s for %s, "
			"on %.*s) is dead", scheme->name,
			life(t, t->links->expires), start_of(t),
			rw_buf_text(&t->url));
	say_dead(&failure, list);
}

void
rw_put_try_links(const struct rw_store *store,
	const struct rw_put_links *links, const struct rw_put_probe *probe,
	struct rw_checklist *list)
{
	struct trial t = {.store = store, .links = links, .probe = probe};
	struct rw_err failure;

	t.s3 = rw_s3_new(NULL, &(struct rw_s3_options){.attempts = 2,
		.grace_ms = links->grace_ms}, &failure);
	if (t.s3 == NULL) {
		rw_checklist_fail(list, "links", &failure);
		return;
	}
	try_each(&t);
	try_own(&t, list);
	rw_s3_delete(t.s3);
	rw_buf_free(&t.url);
	rw_buf_free(&t.life);
}
