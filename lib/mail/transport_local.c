#include "mail/transport.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "wire/maildir.h"
#include "wire/sendmail.h"

/* State of a maildir or of sendmail, which take one message at a time. */

struct local {
	struct rw_mail_report report;
	struct rw_maildir maildir;
	struct rw_sendmail sendmail;
	bool (*deliver)(struct local *local, const struct rw_mail *mail,
		struct rw_err *err);
};

static bool
deliver_maildir(struct local *local, const struct rw_mail *mail,
	struct rw_err *err)
{
	return rw_maildir_deliver(&local->maildir, mail, err);
}

static bool
deliver_sendmail(struct local *local, const struct rw_mail *mail,
	struct rw_err *err)
{
	return rw_sendmail_deliver(&local->sendmail, mail, err);
}

static void
local_want(void *state, size_t mails)
{
	(void)state;
	(void)mails;
}

static size_t
local_ready(const void *state)
{
	(void)state;
	return 1;
}

static bool
local_takes(const void *state, const struct rw_mail *mail, struct rw_err *err)
{
	(void)state;
	(void)mail;
	(void)err;
	return true;
}

static void
local_send(void *state, struct rw_mail *mail)
{
	struct local *local = state;
	struct rw_err failure;
	bool ok = local->deliver(local, mail, &failure);

	local->report.done(local->report.context, mail, ok ? NULL : &failure);
}

static bool
local_poll(void *state, int input_fd, int timeout_ms, bool *readable,
	struct rw_err *err)
{
	struct pollfd input = {.fd = input_fd, .events = POLLIN};

	(void)state;
	if (poll(&input, 1, timeout_ms) >= 0 || errno == EINTR) {
		*readable = input.revents != 0;
		return true;
	}
	return rw_fail_errno(err, RW_IO, "cannot wait for input");
}

static bool
local_is_down(const void *state, struct rw_err *err)
{
	(void)state;
	(void)err;
	return false;
}

static bool
local_check(void *state, const struct rw_transport_question *asked,
	struct rw_buf *lines, struct rw_err *err)
{
	struct local *local = state;
	bool there = false;

	(void)asked;
	if (local->maildir.dir != NULL &&
	    !rw_maildir_check(&local->maildir, &there, err))
		return false;
	if (local->maildir.dir != NULL)
		rw_buf_addf(lines, "maildir %s: %s\n",
			local->maildir.dir, there ? "is writable" :
			"can be created");
	else
		rw_buf_addf(lines, "sendmail: %s is executable\n",
			local->sendmail.program);
	return rw_buf_ok(lines, "the report of --check", err);
}

static void
local_close(void *state)
{
	struct local *local = state;

	rw_maildir_close(&local->maildir);
	rw_sendmail_close(&local->sendmail);
	free(local);
}

#define LOCAL_OPS \
	.want = local_want, .ready = local_ready, .takes = local_takes, \
	.send = local_send, .poll = local_poll, .is_down = local_is_down, \
	.check = local_check, .close = local_close

static const struct rw_transport_ops maildir_ops = {
	.one_box = true, LOCAL_OPS};
static const struct rw_transport_ops sendmail_ops = {LOCAL_OPS};

bool
rw_transport_maildir(struct rw_transport *transport, const char *rest,
	const struct rw_transport_options *options, struct rw_err *err)
{
	struct local *local;

	if (*rest == '\0')
		return rw_fail(err, RW_CONFIG, "maildir: requires a directory");
	local = calloc(1, sizeof *local);
	if (local == NULL)
		return rw_fail_memory(err, "the transport");
	local->report = options->report;
	local->deliver = deliver_maildir;
	*transport = (struct rw_transport){&maildir_ops, local};
	return rw_maildir_open(&local->maildir, rest, err) &&
		(options->dry || rw_maildir_make(&local->maildir, err));
}

bool
rw_transport_sendmail(struct rw_transport *transport, const char *rest,
	const struct rw_transport_options *options, struct rw_err *err)
{
	struct local *local = calloc(1, sizeof *local);

	if (local == NULL)
		return rw_fail_memory(err, "the transport");
	local->report = options->report;
	local->deliver = deliver_sendmail;
	*transport = (struct rw_transport){&sendmail_ops, local};
	if (!rw_sendmail_open(&local->sendmail,
	    *rest != '\0' ? rest : RW_SENDMAIL_PROGRAM,
	    options->dot_timeout_ms, err))
		return false;
	local->sendmail.grace_ms = options->grace_ms;
	return true;
}
