#include "options_priv.h"

#include <string.h>

#include "base/text.h"
#include "record/record.h"

static bool
has_value(const char *name, const char *value, struct rw_err *err)
{
	return value == NULL || *value != '\0' || rw_fail(err, RW_USAGE,
		"--%s requires a value; see --help", name);
}

static bool
have_values(const struct rw_report_options *o, struct rw_err *err)
{
	const struct {
		const char *name, *value;
	} texts[] = {{"period", o->period}, {"select", o->select},
		{"input", o->input}, {"rejects", o->rejects}, {"out", o->out},
		{"expect-min", o->expect_min},
		{"expect-days", o->expect_days}};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!has_value(texts[i].name, texts[i].value, err))
			return false;
	for (i = 0; i < o->followers.count; i++)
		if (!rw_record_is_id(o->followers.items[i]))
			return rw_fail(err, RW_USAGE, "--follower: \"%s\" is "
				"not a valid follower ID",
				o->followers.items[i]);
	return true;
}

static bool
is_number(const char *name, const char *value, struct rw_err *err)
{
	uint64_t n;

	return value == NULL || rw_text_to_u64(value, UINT32_MAX, &n) ||
		rw_fail(err, RW_USAGE, "--%s: \"%s\" is not a valid value; "
		"see --help", name, value);
}

static bool
is_shard(const char *shard, struct rw_err *err)
{
	char part[12] = "";
	size_t len = shard == NULL ? 0 : strcspn(shard, "/");
	uint64_t i = 0, n = 0;

	if (shard == NULL)
		return true;
	if (len < sizeof part)
		memcpy(part, shard, len);
	return (shard[len] == '/' && rw_text_to_u64(part, 1000000, &i) &&
		rw_text_to_u64(shard + len + 1, 1000000, &n) && i > 0 &&
		n > 0) || rw_fail(err, RW_USAGE, "--shard: \"%s\" is not I/N",
		shard);
}

static bool
is_address(const char *to, struct rw_err *err)
{
	const char *at = to == NULL ? NULL : strchr(to, '@');

	return to == NULL || (at != NULL && at > to && at[1] != '\0' &&
		at[1] != '@') || rw_fail(err, RW_USAGE, "--to: \"%s\" is not "
		"an address", to);
}

/* Reports that were sent before are sent again only for followers who are named
 * explicitly. */
static bool
agree_again(const struct rw_report_options *o, struct rw_err *err)
{
	bool some = o->followers.count > 0 || o->select != NULL;

	if (o->again && o->revise)
		return rw_fail(err, RW_USAGE, "--again and --revise exclude "
			"each other");
	if ((o->again || o->revise) && !some && o->input == NULL && !o->all)
		return rw_fail(err, RW_USAGE, "--%s requires --follower, "
			"--select, --input or --all",
			o->again ? "again" : "revise");
	if (o->all && !o->again && !o->revise)
		return rw_fail(err, RW_USAGE, "--all belongs to --again and "
			"--revise");
	if (o->all && some)
		return rw_fail(err, RW_USAGE, "--all excludes --follower and "
			"--select");
	return !o->force || o->revise || rw_fail(err, RW_USAGE,
		"--force requires --revise");
}

static bool
agree(const struct rw_report_options *o, struct rw_err *err)
{
	if (o->accept && o->followers.count == 0 && o->select == NULL)
		return rw_fail(err, RW_USAGE, "--accept requires --follower "
			"or --select");
	if (o->select != NULL && o->input != NULL &&
	    strcmp(o->select, "-") == 0 && strcmp(o->input, "-") == 0)
		return rw_fail(err, RW_USAGE, "--select and --input cannot "
			"both be standard input");
	if (o->in_doubt != NULL && strcmp(o->in_doubt, "resend") != 0 &&
	    strcmp(o->in_doubt, "hold") != 0)
		return rw_fail(err, RW_USAGE, "--in-doubt is \"%.40s\": "
			"expected resend or hold", o->in_doubt);
	return o->to == NULL || (!o->dry && !o->take_over) ||
		rw_fail(err, RW_USAGE, "--to excludes --dry-run and "
		"--take-over");
}

bool
rw_report_check_values(const struct rw_report_options *o, struct rw_err *err)
{
	return have_values(o, err) &&
		is_number("expect-min", o->expect_min, err) &&
		is_number("expect-days", o->expect_days, err) &&
		is_shard(o->shard, err) && is_address(o->to, err) &&
		agree_again(o, err) && agree(o, err);
}
