/*
 * rw-verify: fetches one byte through each link before it is mailed.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"
#include "checklist.h"
#include "cli.h"
#include "verify.h"
#include "wire/config.h"
#include "wire/http_connect.h"
#include "store/link_trial.h"

enum {
	DEFAULT_CONNECTIONS = 8,
	RUN_MS = 30000,		/* the limit of --run: no mail is sent before it
				 * ends */
};

/* ---- the tool -------------------------------------------------------------- */

static bool
read_setting(struct verify *verify, struct rw_err *err)
{
	enum rw_link_trial trial;

	if (!rw_link_trial_read(&trial, err))
		return false;
	if (!verify->run)
		return true;
	verify->off = trial == RW_TRIAL_OFF;
	verify->first = trial == RW_TRIAL_FIRST;
	verify->end_ms = rw_clock_monotonic_ms() + RUN_MS;
	return true;
}

/* The hosts of links are known only from the lines. The watchdog's host gets a
 * connection only, because a request would count as a success. */
static enum rw_kind
check_settings(struct verify *verify)
{
	const char *heartbeat = rw_config_text("RW_HEARTBEAT_URL", NULL);
	struct rw_err err;

	rw_checklist_good("settings", "links are verified against %s",
		rw_config_text("RW_CA_FILE", "the system's authorities"));
	if (heartbeat != NULL &&
	    !rw_http_connect("RW_HEARTBEAT_URL", heartbeat, &err))
		rw_checklist_fail(&verify->list, "heartbeat", &err);
	else if (heartbeat != NULL)
		rw_checklist_good("heartbeat", "its host can be reached");
	return rw_kind_worse(verify->list.worst, rw_cli_close_stdout());
}

static enum rw_kind
run_loop(struct verify *verify, const struct rw_common *common,
	size_t connections)
{
	enum rw_kind worst = rw_verify_links(verify, common, connections);

	if (verify->untried > 0)
		rw_say(RW_WARNING, "the links of %" PRIu64 " reports could not "
			"be tried within %d s; all links that were tried "
			"work", verify->untried, RUN_MS / 1000);
	return worst;
}

int
main(int argc, char **argv)
{
	struct verify verify = {0};
	struct rw_option_count connections = {.n = DEFAULT_CONNECTIONS};
	const struct rw_option options[] = {
		{"first", RW_OPTION_FLAG, &verify.first, NULL,
			"fetch only the links of the first report"},
		{"run", RW_OPTION_FLAG, &verify.run, NULL,
			"as RW_VERIFY says, and within 30 seconds"},
		{"j", RW_OPTION_COUNT, &connections, "N",
			"links fetched at once (default 8)"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-verify",
		.purpose = "Fetches one byte through each download link.",
		.options = options, .filter = true, .server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst;

	rw_cli_start(&cli, &common, argc, argv);
	if (!read_setting(&verify, &err))
		return rw_cli_fail(&err);
	verify.s3 = rw_s3_new(NULL, &(struct rw_s3_options){
		.connections = connections.n,
		.end_ms = verify.end_ms,
		.end_why = "no answer within 30 seconds"}, &err);
	if (verify.s3 == NULL)
		return rw_cli_fail(&err);
	worst = common.check ? check_settings(&verify) : run_loop(&verify,
		&common, connections.n);
	rw_s3_delete(verify.s3);
	return rw_cli_finish(worst);
}
