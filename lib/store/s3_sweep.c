#include "store/s3_sweep_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/s3_answer.h"
#include "store/s3_xml.h"

static void
start_call(struct rw_s3_sweep *sweep, const char *method, const char *key,
	void (*done)(struct rw_s3_call *call))
{
	struct rw_s3_call *call = &sweep->call;

	call->method = method;
	call->key = key;
	call->query = rw_buf_text(&sweep->query);
	call->done = done;
	call->context = sweep;
	rw_s3_start(sweep->params->s3, call);
}

static void
abort_upload(struct rw_s3_sweep *sweep, const char *key, const char *id,
	void (*done)(struct rw_s3_call *call))
{
	rw_buf_reset(&sweep->query);
	rw_buf_adds(&sweep->query, "uploadId=");
	rw_text_add_percent(&sweep->query, id, "");
	start_call(sweep, "DELETE", key, done);
}

/* ---- old ones of the same key ------------------------------------------ */

static void
abort_next_old(struct rw_s3_call *call)
{
	struct rw_s3_sweep *sweep = call->context;
	const char *id = rw_buf_text(&sweep->old) + sweep->old_at;

	if (sweep->old_at >= sweep->old.len) {
		sweep->done(sweep->context, NULL);
		return;
	}
	sweep->old_at += strlen(id) + 1;
	/* The outcome does not matter: this only cleans up. */
	abort_upload(sweep, sweep->params->key, id, abort_next_old);
}

/* Both times are the store's, unless its clock is ahead of ours. */
static void
note_old(void *context, const struct rw_s3_upload *upload)
{
	struct rw_s3_sweep *sweep = context;
	int64_t since;

	/* Other keys can begin with our key. */
	if (strcmp(upload->key, sweep->params->key) == 0 &&
	    sweep->listed_at >= 0 &&
	    rw_rfc3339_parse(upload->initiated, &since) &&
	    sweep->listed_at - since > (int64_t)sweep->params->stale_seconds)
		rw_buf_add(&sweep->old, upload->id, strlen(upload->id) + 1);
}

static void
list_done(struct rw_s3_call *call)
{
	struct rw_s3_sweep *sweep = call->context;
	char date[64];

	if (!call->good && call->failure.kind == RW_UNREACHABLE) {
		sweep->done(sweep->context, &call->failure);
		return;
	}
	if (!rw_http_header(&call->http, "date", date, sizeof date) ||
	    !rw_s3_date(date, &sweep->listed_at))
		sweep->listed_at = -1;
	/* If the clock is ahead, an upload in progress looks old. */
	if (sweep->listed_at > rw_clock_now_ms() / 1000)
		sweep->listed_at = rw_clock_now_ms() / 1000;
	/* A user without the permission to list uploads can still upload. */
	if (call->good)
		rw_s3_xml_uploads(rw_buf_text(&call->http.answer),
			call->http.answer.len, note_old, sweep);
	abort_next_old(call);
}

static void
list_uploads(struct rw_s3_sweep *sweep)
{
	rw_buf_reset(&sweep->query);
	rw_buf_adds(&sweep->query, "prefix=");
	rw_text_add_percent(&sweep->query, sweep->params->key, "");
	rw_buf_adds(&sweep->query, "&uploads=");
	start_call(sweep, "GET", NULL, list_done);
}

/* ---- uploads of dead processes ----------------------------------------- */

/* An upload that cannot be aborted stays in the file for the next process. */
static void
dead_done(struct rw_s3_call *call)
{
	struct rw_s3_sweep *sweep = call->context;

	if (call->good || call->http.status == 404)
		rw_s3_uploads_end(sweep->params->uploads,
			rw_buf_text(&sweep->id));
	rw_s3_sweep_start(sweep);
}

void
rw_s3_sweep_start(struct rw_s3_sweep *sweep)
{
	const char *key, *id;

	if (!rw_s3_uploads_dead(sweep->params->uploads, &key, &id)) {
		list_uploads(sweep);
		return;
	}
	rw_buf_reset(&sweep->key);
	rw_buf_adds(&sweep->key, key);
	rw_buf_reset(&sweep->id);
	rw_buf_adds(&sweep->id, id);
	abort_upload(sweep, rw_buf_text(&sweep->key), rw_buf_text(&sweep->id),
		dead_done);
}

void
rw_s3_sweep_free(struct rw_s3_sweep *sweep)
{
	rw_s3_call_free(&sweep->call);
	rw_buf_free(&sweep->query);
	rw_buf_free(&sweep->key);
	rw_buf_free(&sweep->id);
	rw_buf_free(&sweep->old);
}
