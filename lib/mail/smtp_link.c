/* The state of connections and mail, which smtp_open.c and smtp_talk.c
 * share. */
#include "mail/smtp_priv.h"

/* ---- connections --------------------------------------------------------- */

void
rw_smtp_link_set_state(struct rw_smtp *smtp, struct rw_smtp_link *link,
	enum rw_smtp_link_state state)
{
	smtp->counts[link->state]--;
	smtp->counts[state]++;
	link->state = state;
}

void
rw_smtp_link_close(struct rw_smtp *smtp, struct rw_smtp_link *link)
{
	rw_smtp_disconnect(&link->connection, smtp->multi);
	rw_dialog_free(&link->dialog);
	link->mail = NULL;
	rw_smtp_link_set_state(smtp, link, RW_SMTP_LINK_NONE);
}

struct rw_smtp_link *
rw_smtp_link_idle(struct rw_smtp *smtp)
{
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].state == RW_SMTP_LINK_IDLE)
			return &smtp->links[i];
	return NULL;
}

/* ---- mail ---------------------------------------------------------------- */

void
rw_smtp_report(struct rw_smtp *smtp, struct rw_mail *mail,
	const struct rw_err *failure)
{
	smtp->changed = true;
	smtp->options.report.done(smtp->options.report.context, mail, failure);
}

void
rw_smtp_put_again(struct rw_smtp *smtp, struct rw_mail *mail)
{
	mail->next = smtp->again;
	smtp->again = mail;
	smtp->again_count++;
}

struct rw_mail *
rw_smtp_take_again(struct rw_smtp *smtp)
{
	struct rw_mail *mail = smtp->again;

	if (mail != NULL) {
		smtp->again = mail->next;
		smtp->again_count--;
	}
	return mail;
}

void
rw_smtp_go_down(struct rw_smtp *smtp)
{
	struct rw_mail *mail;

	smtp->is_down = true;
	smtp->changed = true;
	smtp->why.retryable = true;
	while ((mail = rw_smtp_take_again(smtp)) != NULL)
		rw_smtp_report(smtp, mail, &smtp->why);
}
