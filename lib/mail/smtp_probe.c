/* Asks the server whether it would accept mail, for --check. */
#include "mail/smtp_priv.h"

struct probe {
	bool ended;
	struct rw_err failure;	/* kind RW_OK: it would accept mail */
};

static void
end_probe(void *context, struct rw_mail *mail, const struct rw_err *failure)
{
	struct probe *probe = context;

	(void)mail;
	probe->ended = true;
	if (failure != NULL)
		probe->failure = *failure;
}

bool
rw_smtp_probe(struct rw_smtp *smtp, const char *sender, const char *recipient,
	struct rw_err *err)
{
	enum { WAIT_MS = 1000 };
	struct rw_mail_report report = smtp->options.report;
	struct rw_mail mail = {.sender = sender, .recipient = recipient,
		.probe = true};
	struct probe probe = {.failure.kind = RW_OK};
	bool readable, good = true;

	smtp->options.report = (struct rw_mail_report){end_probe, &probe};
	rw_smtp_send(smtp, &mail);
	while (good && !probe.ended)
		good = rw_smtp_poll(smtp, -1, WAIT_MS, &readable, err);
	smtp->options.report = report;
	if (!good || probe.failure.kind == RW_OK)
		return good;
	*err = probe.failure;
	return false;
}
