/*
 * rw-bounce: reads what mail servers report about mails that they have
 * accepted, and notes failures in the ledger.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bounce_match.h"
#include "bounce_notice.h"
#include "cli.h"
#include "ledger/ledger.h"
#include "wire/mailbox.h"

enum { AT_ONCE = 500 };		/* notices */

struct bounce {
	const char *maildir, *mbox;
	bool json, quiet;
	struct rw_self self;
	struct rw_ledger *ledger;
	struct rw_verp verp;
	struct rw_notification scratch;
	struct rw_notice *notices;	/* AT_ONCE */
	size_t n;
	uint64_t messages, counts[RW_BOUNCE_OPEN];
};

static const struct {
	const char *name, *words, *about;
} verdicts[] = {
	[RW_BOUNCE_NOTED] = {"noted", "bounced", "bounced"},
	[RW_BOUNCE_KNOWN] = {"known", "noted before",
		"bounced, as was noted before"},
	[RW_BOUNCE_DELAYED] = {"delayed", "delayed",
		"passed over: the mail is only delayed"},
	[RW_BOUNCE_DELIVERED] = {"delivered", "delivered",
		"passed over: the mail was delivered"},
	[RW_BOUNCE_SUPERSEDED] = {"superseded", "about earlier mails",
		"passed over: the report was sent again after that mail"},
	[RW_BOUNCE_UNKNOWN] = {"unknown", "about unknown mails",
		"passed over: the ledger has no such mail to that recipient"},
	[RW_BOUNCE_FORGED] = {"forged", "forged",
		"passed over: the MAC in its address is not valid"},
	[RW_BOUNCE_UNRELATED] = {"unrelated", "unrelated",
		"passed over: it is not a notification about a mail of "
		"rw-mail"},
	[RW_BOUNCE_MALFORMED] = {"malformed", "malformed",
		"passed over: the notification names no outcome"},
};

/* ---- messages ---------------------------------------------------------- */

static void
count(struct bounce *b, const char *name, enum rw_verdict verdict)
{
	b->counts[verdict]++;
	if (verdict != RW_BOUNCE_NOTED && verdict != RW_BOUNCE_KNOWN)
		rw_say_about(RW_INFO, name, "%s", verdicts[verdict].about);
}

static void
report(void *context, const struct rw_notice *notice, const char *label,
	const char *code, enum rw_verdict verdict)
{
	count(context, notice->name, verdict);
	if (code != NULL && label != NULL && verdict <= RW_BOUNCE_KNOWN)
		rw_say_about(RW_INFO, notice->name, "the mail to %s for %s %s "
			"(%s)", label, notice->period,
			verdicts[verdict].about, code);
}

static bool
flush(struct bounce *b, struct rw_err *err)
{
	const struct rw_bounce_match match = {.ledger = b->ledger,
		.report = report, .context = b,
		.now = rw_clock_now_ms() / 1000};
	bool ok = rw_bounce_match(&match, b->notices, b->n, err);

	while (b->n > 0)
		free(b->notices[--b->n].name);
	return ok;
}

static bool
visit(void *context, const char *name, const char *bytes, size_t len,
	struct rw_err *err)
{
	struct bounce *b = context;
	struct rw_notice *notice = &b->notices[b->n];
	enum rw_verdict verdict = rw_notice_read(notice, &b->scratch,
		&b->verp, bytes, len);

	b->messages++;
	if (verdict != RW_BOUNCE_OPEN) {
		count(b, name, verdict);
		return true;
	}
	notice->name = strdup(name);
	if (notice->name == NULL)
		return rw_fail_memory(err, "%s", name);
	return ++b->n < AT_ONCE || flush(b, err);
}

static bool
read_all(struct bounce *b, struct rw_err *err)
{
	const struct rw_mailbox_reader reader = {
		.most = RW_NOTIFICATION_MOST, .visit = visit, .context = b};
	bool ok;

	if (b->maildir != NULL)
		ok = rw_mailbox_read_dir(b->maildir, &reader, err);
	else if (b->mbox != NULL)
		ok = rw_mailbox_read_file(b->mbox, &reader, err);
	else
		ok = rw_mailbox_read_stream(STDIN_FILENO, "standard input",
			&reader, err);
	/* What was read counts, whatever could not be read. */
	return flush(b, ok ? err : NULL) && ok;
}

/* ---- what it says ------------------------------------------------------ */

static void
print_json(const struct bounce *b)
{
	int i;

	printf("{\"messages\":%" PRIu64, b->messages);
	for (i = 0; i < RW_BOUNCE_OPEN; i++)
		printf(",\"%s\":%" PRIu64, verdicts[i].name, b->counts[i]);
	printf("}\n");
}

static void
print_line(const struct bounce *b, bool dry_run)
{
	int i;

	printf("%s%" PRIu64 " message%s", dry_run ? "dry run: " : "",
		b->messages, b->messages == 1 ? "" : "s");
	for (i = 0; i < RW_BOUNCE_OPEN; i++)
		if (b->counts[i] > 0)
			printf(", %" PRIu64 " %s", b->counts[i],
				verdicts[i].words);
	printf("\n");
}

/* ---- the tool ---------------------------------------------------------- */

static bool
open_all(struct bounce *b, const struct rw_common *common, struct rw_err *err)
{
	if (b->maildir != NULL && b->mbox != NULL)
		return rw_fail(err, RW_USAGE, "--maildir and --mbox "
			"exclude each other");
	rw_notification_init();
	b->notices = calloc(AT_ONCE, sizeof *b->notices);
	if (b->notices == NULL)
		return rw_fail_memory(err, "%d notifications", AT_ONCE);
	return rw_verp_open(&b->verp, err) &&
		rw_self_init(&b->self, NULL, err) &&
		rw_ledger_open(&b->ledger, common->check ? RW_LEDGER_READ :
		RW_LEDGER_WRITE, &b->self, common->dry_run, err) &&
		rw_ledger_is_current(b->ledger, err);
}

static bool
ignore(void *context, const char *name, const char *bytes, size_t len,
	struct rw_err *err)
{
	(void)name;
	(void)bytes;
	(void)len;
	(void)err;
	++*(uint64_t *)context;
	return true;
}

static bool
check(struct bounce *b, struct rw_err *err)
{
	uint64_t n = 0;
	const struct rw_mailbox_reader reader = {.most = 1, .visit = ignore,
		.context = &n};

	printf("the ledger is %s\n", rw_ledger_name(b->ledger));
	if (!b->verp.has_key)
		printf("addresses: RW_VERP_KEY is not set; notifications "
			"count by Message-ID and recipient\n");
	else
		printf("addresses: those of %s with a valid MAC\n",
			rw_address_text(&b->verp.from));
	if (b->maildir != NULL && !rw_mailbox_read_dir(b->maildir, &reader,
	    err))
		return false;
	if (b->mbox != NULL && !rw_mailbox_read_file(b->mbox, &reader, err))
		return false;
	if (b->maildir != NULL || b->mbox != NULL)
		printf("%s: %" PRIu64 " message%s\n", b->maildir != NULL ?
			b->maildir : b->mbox, n, n == 1 ? "" : "s");
	return true;
}

static void
close_all(struct bounce *b)
{
	rw_ledger_close(b->ledger);
	rw_self_free(&b->self);
	rw_verp_close(&b->verp);
	rw_notification_free(&b->scratch);
	free(b->notices);
}

int
main(int argc, char **argv)
{
	struct bounce b = {0};
	const struct rw_option options[] = {
		{"maildir", RW_OPTION_TEXT, &b.maildir, "DIR",
			"read the messages in this maildir"},
		{"mbox", RW_OPTION_TEXT, &b.mbox, "FILE",
			"read the messages in this mbox"},
		{"json", RW_OPTION_FLAG, &b.json, NULL,
			"print the counts as a JSON object"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-bounce",
		.purpose = "Notes in the ledger which mails bounced.",
		.options = options, .effect = true, .server = true};
	struct rw_common common;
	struct rw_err err;
	bool ok;

	rw_cli_start(&cli, &common, argc, argv);
	ok = open_all(&b, &common, &err) &&
		(common.check ? check(&b, &err) : read_all(&b, &err));
	if (ok && !common.check && b.json)
		print_json(&b);
	else if (ok && !common.check && !common.quiet)
		print_line(&b, common.dry_run);
	close_all(&b);
	return ok ? rw_cli_finish(rw_cli_close_stdout()) : rw_cli_fail(&err);
}
