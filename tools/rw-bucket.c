/*
 * rw-bucket: sets up the bucket for the reports, or checks it.
 */
#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "checklist.h"
#include "cli.h"
#include "store/s3.h"
#include "store/s3_bucket.h"
#include "store/s3_rules.h"
#include "store/store.h"
#include "wire/config.h"

enum { DEFAULT_DAYS = 180, DAY = 86400, DEFAULT_LIFE = 30 * DAY };

struct bucket {
	struct rw_store store;
	struct rw_s3 *s3;
	struct rw_lifecycle rules;
	bool versioning;	/* --versioning */
	bool dry_run, sets_days;
	enum rw_kind worst;	/* of the failures that did not end the run */
};

/* ---- do ---------------------------------------------------------------- */

/* A store without versions still gets the rules. */
static void
miss_versioning(struct bucket *b, const char *why)
{
	if (!b->versioning) {
		printf("versioning: this store has none\n");
		return;
	}
	rw_say(RW_ERROR, "versioning cannot be switched on: %s", why);
	b->worst = RW_REFUSED;
}

static bool
set_versioning(struct bucket *b, struct rw_err *err)
{
	enum rw_s3_versioning versioning;
	struct rw_err failure;
	bool on;

	if (!rw_s3_bucket_versioning(b->s3, &versioning, err))
		return false;
	on = versioning == RW_VERSIONING_ON;
	if (versioning == RW_VERSIONING_NONE) {
		miss_versioning(b, "this store has none");
		return true;
	}
	if (!on && b->versioning && !b->dry_run &&
	    !rw_s3_bucket_set_versioning(b->s3, &failure)) {
		if (failure.kind != RW_REFUSED) {
			*err = failure;
			return false;
		}
		miss_versioning(b, failure.message);
		return true;
	}
	printf("versioning: %s\n", on ? "on" : !b->versioning ? "off" :
		b->dry_run ? "would be switched on" : "switched on");
	return true;
}

/* A warning when the rules were changed; otherwise only with --verbose. */
static void
say_missing(const struct rw_lifecycle_state *state, bool changed)
{
	struct rw_buf words = {0};

	rw_lifecycle_add_words(state->lacks, &words);
	if (state->lacks != 0)
		rw_say(changed ? RW_WARNING : RW_INFO, "this store accepts no "
			"rule that deletes %s; it may delete them on its own, "
			"or have a separate setting", rw_buf_text(&words));
	rw_buf_free(&words);
}

static bool
set_rules(struct bucket *b, struct rw_err *err)
{
	struct rw_lifecycle_state state;
	bool changed = false;

	if (b->dry_run ? !rw_s3_rules_read(b->s3, &b->rules, &state, err) :
	    !rw_s3_rules_set(b->s3, &b->rules, &state, &changed, err))
		return false;
	printf("lifecycle: %s expires after %u days, %s\n", RW_LIFECYCLE_PREFIX,
		b->rules.days, changed ? "set" : b->dry_run &&
		!rw_lifecycle_is_complete(&state) ? "would be set" :
		"unchanged");
	if (!b->dry_run)
		say_missing(&state, changed);
	return true;
}

static bool
set_all(struct bucket *b, struct rw_err *err)
{
	bool exists;

	if (!rw_s3_bucket_exists(b->s3, &exists, err))
		return false;
	if (!exists && b->dry_run) {
		printf("bucket %s: would be created, with its rules\n",
			b->store.bucket);
		return true;
	}
	if (!exists && !rw_s3_bucket_create(b->s3, err))
		return false;
	printf("bucket %s: %s\n", b->store.bucket, exists ? "unchanged" :
		"created, private");
	return set_versioning(b, err) && set_rules(b, err);
}

/* ---- check ------------------------------------------------------------- */

static void
check_privacy(struct bucket *b, struct rw_checklist *list)
{
	struct rw_err failure;
	bool is_public;

	if (!rw_s3_bucket_is_public(b->s3, &is_public, &failure)) {
		rw_checklist_fail(list, "privacy", &failure);
	} else if (is_public) {
		rw_fail(&failure, RW_REFUSED, "anyone can list %s: remove "
			"its policy or ACL", b->store.bucket);
		rw_checklist_fail(list, "privacy", &failure);
	} else {
		rw_checklist_good("privacy", "it cannot be listed without "
			"keys");
	}
}

/* A bucket with versions needs all the rules; a bucket without versions needs
 * only the first. */
static void
check_rules(struct bucket *b, bool versioned, struct rw_checklist *list)
{
	struct rw_lifecycle_state state;
	struct rw_buf words = {0};
	struct rw_err failure;

	if (!rw_s3_rules_read(b->s3, &b->rules, &state, &failure)) {
		rw_checklist_fail(list, "lifecycle", &failure);
		return;
	}
	rw_lifecycle_add_words(state.lacks & ~(unsigned)RW_RULES_PARTS,
		&words);
	if (rw_lifecycle_is_complete(&state)) {
		rw_checklist_good("lifecycle", "%s expires after %u days",
			RW_LIFECYCLE_PREFIX, b->rules.days);
	} else if (!state.deletes_reports || state.is_wrong) {
		rw_fail(&failure, RW_REFUSED, "the rules that delete "
			"%s after %u days are missing or different; rw-bucket "
			"sets them", RW_LIFECYCLE_PREFIX, b->rules.days);
		rw_checklist_fail(list, "lifecycle", &failure);
	} else if (versioned) {
		rw_fail(&failure, RW_REFUSED, "no rule deletes %s; rw-bucket "
			"sets it if the store accepts it",
			rw_buf_text(&words));
		rw_checklist_fail(list, "lifecycle", &failure);
	} else {
		rw_checklist_warn("lifecycle", "%s expires after %u days; no "
			"rule deletes %s, and without versions there are none",
			RW_LIFECYCLE_PREFIX, b->rules.days,
			rw_buf_text(&words));
	}
	rw_buf_free(&words);
}

/* Returns whether the bucket has versions. */
static bool
check_versioning(struct bucket *b, struct rw_checklist *list)
{
	enum rw_s3_versioning versioning = RW_VERSIONING_OFF;
	struct rw_err failure;

	if (!rw_s3_bucket_versioning(b->s3, &versioning, &failure)) {
		rw_checklist_fail(list, "versioning", &failure);
	} else if (b->versioning && versioning != RW_VERSIONING_ON) {
		rw_fail(&failure, RW_REFUSED, "%s", versioning ==
			RW_VERSIONING_NONE ? "this store has none" : "off; "
			"rw-bucket --versioning switches it on");
		rw_checklist_fail(list, "versioning", &failure);
	} else {
		rw_checklist_good("versioning", "%s", versioning ==
			RW_VERSIONING_ON ? "on" : versioning ==
			RW_VERSIONING_OFF ? "off" : "this store has none");
	}
	return versioning == RW_VERSIONING_ON;
}

static enum rw_kind
check_bucket(struct bucket *b)
{
	struct rw_checklist list = {0};
	struct rw_err failure;
	bool exists, good;

	good = rw_s3_bucket_exists(b->s3, &exists, &failure);
	if (good && !exists)
		good = rw_fail(&failure, RW_REFUSED, "%s does not exist; "
			"rw-bucket creates it", b->store.bucket);
	if (!good) {
		rw_checklist_fail(&list, "bucket", &failure);
		return list.worst;
	}
	rw_checklist_good("bucket", "%s exists", b->store.bucket);
	check_privacy(b, &list);
	check_rules(b, check_versioning(b, &list), &list);
	return list.worst;
}

/* ---- the tool ---------------------------------------------------------- */

/* Otherwise reports would be deleted before their links expire. */
static bool
outlive_links(size_t days, struct rw_err *err)
{
	struct rw_buf life = {0};
	uint64_t seconds;
	bool good;

	if (!rw_config_seconds("RW_URL_EXPIRES", DEFAULT_LIFE, &seconds, err))
		return false;
	rw_text_add_duration(&life, seconds);
	good = (uint64_t)days * DAY >= seconds || rw_fail(err, RW_CONFIG,
		"--expire-days is %zu, and links are valid for %s "
		"(RW_URL_EXPIRES): expected at least %llu days, or links of a "
		"shorter life", days, rw_buf_text(&life),
		(unsigned long long)((seconds + DAY - 1) / DAY));
	rw_buf_free(&life);
	return good;
}

static bool
open_store(struct bucket *b, size_t days, struct rw_err *err)
{
	if (!rw_store_load(&b->store, err))
		return false;
	if (!b->store.is_configured)
		return rw_fail(err, RW_CONFIG, "no object store is "
			"configured: set MINIO_ENDPOINT_URL, MINIO_ACCESS_KEY, "
			"MINIO_SECRET_KEY and MINIO_BUCKET_NAME");
	b->rules.days = (unsigned)days;
	if (b->sets_days && !outlive_links(days, err))
		return false;
	b->s3 = rw_s3_new(&b->store, &(struct rw_s3_options){0}, err);
	return b->s3 != NULL;
}

static enum rw_kind
print_policy(const struct bucket *b)
{
	struct rw_buf policy = {0};

	rw_s3_bucket_policy(b->store.bucket, &policy);
	fputs(rw_buf_text(&policy), stdout);
	rw_buf_free(&policy);
	return RW_OK;
}

static enum rw_kind
make_bucket(struct bucket *b)
{
	struct rw_err err;

	if (set_all(b, &err))
		return b->worst;
	rw_say(RW_ERROR, "%s", err.message);
	return err.kind;
}

int
main(int argc, char **argv)
{
	struct bucket b = {0};
	struct rw_option_count days = {.n = DEFAULT_DAYS};
	bool policy = false;
	const struct rw_option options[] = {
		{"expire-days", RW_OPTION_COUNT, &days, "N",
			"delete reports after N days (default 180)"},
		{"versioning", RW_OPTION_FLAG, &b.versioning, NULL,
			"keep overwritten objects as versions"},
		{"print-policy", RW_OPTION_FLAG, &policy, NULL,
			"print the minimal policy for the worker's user"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-bucket",
		.purpose = "Sets up the bucket for the reports.",
		.options = options, .effect = true, .server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst;

	rw_cli_start(&cli, &common, argc, argv);
	b.dry_run = common.dry_run;
	b.sets_days = !policy;
	if (!open_store(&b, days.n, &err)) {
		rw_store_free(&b.store);
		return rw_cli_fail(&err);
	}
	worst = policy ? print_policy(&b) : common.check ? check_bucket(&b) :
		make_bucket(&b);
	worst = rw_kind_worse(worst, rw_cli_close_stdout());
	rw_s3_delete(b.s3);
	rw_store_free(&b.store);
	return rw_cli_finish(worst);
}
