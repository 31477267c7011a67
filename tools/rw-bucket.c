/*
 * rw-bucket: sets up the bucket for the reports, or checks it.
 */
#include <stdio.h>

#include "base/log.h"
#include "checklist.h"
#include "cli.h"
#include "store/s3.h"
#include "store/s3_bucket.h"
#include "store/store.h"

enum { DEFAULT_DAYS = 180 };

struct bucket {
	struct rw_store store;
	struct rw_s3 *s3;
	struct rw_lifecycle rules;
	bool versioning;	/* --versioning */
	bool dry_run;
};

/* ---- do ---------------------------------------------------------------- */

static bool
set_versioning(struct bucket *b, struct rw_err *err)
{
	bool enabled;

	if (!rw_s3_bucket_versioning(b->s3, &enabled, err))
		return false;
	if (!enabled && b->versioning && !b->dry_run &&
	    !rw_s3_bucket_set_versioning(b->s3, err))
		return false;
	printf("versioning: %s\n", enabled ? "on" : !b->versioning ? "off" :
		b->dry_run ? "would be switched on" : "switched on");
	return true;
}

static bool
set_rules(struct bucket *b, struct rw_err *err)
{
	bool has = false, changed = false;

	if (b->dry_run ?
	    !rw_s3_bucket_has_rules(b->s3, &b->rules, &has, err) :
	    !rw_s3_bucket_set_rules(b->s3, &b->rules, &changed, err))
		return false;
	printf("lifecycle: %s expires after %u days, %s\n", RW_LIFECYCLE_PREFIX,
		b->rules.days, changed ? "set" : b->dry_run && !has ?
		"would be set" : "unchanged");
	if (b->rules.keeps_parts)
		rw_say(RW_INFO, "this store does not accept a rule for the "
			"parts of aborted uploads; it may remove them by "
			"itself");
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

static void
check_rules(struct bucket *b, struct rw_checklist *list)
{
	struct rw_err failure;
	bool has, good;

	good = rw_s3_bucket_has_rules(b->s3, &b->rules, &has, &failure);
	if (good && !has)
		good = rw_fail(&failure, RW_REFUSED, "the rules that delete "
			"%s after %u days are missing or different; rw-bucket "
			"sets them", RW_LIFECYCLE_PREFIX, b->rules.days);
	if (good)
		rw_checklist_good("lifecycle", "%s expires after %u days",
			RW_LIFECYCLE_PREFIX, b->rules.days);
	else
		rw_checklist_fail(list, "lifecycle", &failure);
}

static void
check_versioning(struct bucket *b, struct rw_checklist *list)
{
	struct rw_err failure;
	bool enabled;

	if (!rw_s3_bucket_versioning(b->s3, &enabled, &failure)) {
		rw_checklist_fail(list, "versioning", &failure);
	} else if (b->versioning && !enabled) {
		rw_fail(&failure, RW_REFUSED, "off; rw-bucket --versioning "
			"switches it on");
		rw_checklist_fail(list, "versioning", &failure);
	} else {
		rw_checklist_good("versioning", "%s", enabled ? "on" : "off");
	}
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
	check_versioning(b, &list);
	check_rules(b, &list);
	return list.worst;
}

/* ---- the tool ---------------------------------------------------------- */

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
		return RW_OK;
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
