#include "wire/smtp_dialog.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"

/* RFC 5321 allows 512 bytes a line; servers write more. */
enum { ANSWER_MAX = 16384, CHUNK = 65536 };

static const char *const stage_names[] = {
	[RW_SMTP_RSET] = "RSET",
	[RW_SMTP_MAIL] = "MAIL",
	[RW_SMTP_RCPT] = "RCPT",
	[RW_SMTP_DATA] = "DATA",
	[RW_SMTP_BODY] = "the text",
	[RW_SMTP_DOT] = "the final dot",
	[RW_SMTP_ENDED] = "nothing",
};

void
rw_dialog_open(struct rw_dialog *dialog,
	const struct rw_smtp_features *features)
{
	*dialog = (struct rw_dialog){.features = *features,
		.stage = RW_SMTP_ENDED, .in = {.max = ANSWER_MAX},
		.out = {.max = 4 * CHUNK}};
}

void
rw_dialog_free(struct rw_dialog *dialog)
{
	rw_buf_free(&dialog->in);
	rw_buf_free(&dialog->out);
}

/* ---- sending ----------------------------------------------------------- */

static void
say_command(struct rw_dialog *dialog, enum rw_smtp_stage command)
{
	const struct rw_mail *mail = dialog->mail;
	struct rw_buf *out = &dialog->out;

	dialog->last = command;
	if (command == RW_SMTP_RSET) {
		rw_buf_adds(out, "RSET\r\n");
	} else if (command == RW_SMTP_MAIL) {
		rw_buf_addf(out, "MAIL FROM:<%s>", mail->sender);
		if (dialog->features.size && !mail->probe)
			rw_buf_addf(out, " SIZE=%zu", mail->len);
		if (mail->needs_utf8 && dialog->features.utf8)
			rw_buf_adds(out, " SMTPUTF8");
		rw_buf_adds(out, "\r\n");
	} else if (command == RW_SMTP_RCPT) {
		rw_buf_addf(out, "RCPT TO:<%s>\r\n", mail->recipient);
	} else if (command == RW_SMTP_DATA) {
		rw_buf_adds(out, "DATA\r\n");
	}
}

/* The last command before the text, or before the end of a probe. */
static enum rw_smtp_stage
last_command(const struct rw_mail *mail)
{
	if (!mail->probe)
		return RW_SMTP_DATA;
	return mail->recipient != NULL ? RW_SMTP_RCPT : RW_SMTP_MAIL;
}

/* The next commands; all of them if the server supports PIPELINING. */
static void
say_next(struct rw_dialog *dialog)
{
	do
		say_command(dialog, (enum rw_smtp_stage)(dialog->last + 1));
	while (dialog->features.pipelining &&
		dialog->last < last_command(dialog->mail));
}

void
rw_dialog_start(struct rw_dialog *dialog, const struct rw_mail *mail)
{
	dialog->mail = mail;
	dialog->at = 0;
	dialog->untouched = dialog->undoes = dialog->defers = false;
	dialog->failure = (struct rw_err){.kind = RW_OK};
	dialog->subject = RW_SMTP_OF_MESSAGE;
	dialog->last = RW_SMTP_RSET;
	dialog->stage = dialog->dirty ? RW_SMTP_RSET : RW_SMTP_MAIL;
	if (dialog->dirty)
		say_command(dialog, RW_SMTP_RSET);
	if (!dialog->dirty || dialog->features.pipelining)
		say_next(dialog);
}

/* The next part of the text, with each dot at the start of a line doubled, and
 * the end. */
static void
fill_data(struct rw_dialog *dialog)
{
	const struct rw_mail *mail = dialog->mail;
	struct rw_buf *out = &dialog->out;
	size_t end = mail->len - dialog->at > CHUNK ? dialog->at + CHUNK :
		mail->len;

	while (dialog->at < end) {
		const char *from = mail->bytes + dialog->at;
		const char *dot = memchr(from, '.', end - dialog->at);
		size_t len = dot == NULL ? end - dialog->at :
			(size_t)(dot - from) + 1;

		rw_buf_add(out, from, len);
		if (dot != NULL && (dot == mail->bytes || dot[-1] == '\n'))
			rw_buf_addc(out, '.');
		dialog->at += len;
	}
	if (dialog->at < mail->len)
		return;
	if (mail->len > 0 && mail->bytes[mail->len - 1] != '\n')
		rw_buf_adds(out, "\r\n");
	rw_buf_adds(out, ".\r\n");
	dialog->last = RW_SMTP_DOT;
}

size_t
rw_dialog_output(struct rw_dialog *dialog, const char **bytes)
{
	if (dialog->sent == dialog->out.len &&
	    dialog->stage == RW_SMTP_BODY && dialog->last != RW_SMTP_DOT) {
		rw_buf_reset(&dialog->out);
		dialog->sent = 0;
		fill_data(dialog);
	}
	*bytes = rw_buf_text(&dialog->out) + dialog->sent;
	return dialog->out.len - dialog->sent;
}

void
rw_dialog_sent(struct rw_dialog *dialog, size_t len)
{
	dialog->sent += len;
	if (dialog->sent < dialog->out.len)
		return;
	rw_buf_reset(&dialog->out);
	dialog->sent = 0;
	if (dialog->stage == RW_SMTP_BODY && dialog->last == RW_SMTP_DOT)
		dialog->stage = RW_SMTP_DOT;
}

bool
rw_dialog_is_ending(const struct rw_dialog *dialog)
{
	return dialog->stage == RW_SMTP_BODY &&
		dialog->last == RW_SMTP_DOT &&
		dialog->sent < dialog->out.len;
}

/* ---- answers ------------------------------------------------------------- */

static void
end(struct rw_dialog *dialog)
{
	dialog->stage = RW_SMTP_ENDED;
	dialog->mail = NULL;
	dialog->used = true;
	if (dialog->broken) {
		rw_buf_reset(&dialog->out);
		dialog->sent = 0;
	}
}

static void
fail_command(struct rw_dialog *dialog, int code, const char *answer)
{
	struct rw_buf shown = {0};
	struct rw_err *failure = &dialog->failure;

	rw_text_add_printable(&shown, answer);
	dialog->subject = rw_smtp_subject(dialog->stage, code, answer,
		dialog->mail->needs_utf8);
	dialog->names_relaying = rw_smtp_names_relaying(answer);
	dialog->defers = (code == 421 || code == 450) &&
		(dialog->stage == RW_SMTP_RCPT ||
		dialog->stage == RW_SMTP_DOT);
	if (dialog->stage == RW_SMTP_DOT && (code < 400 || code > 599))
		rw_fail(failure, RW_IN_DOUBT, "the server's answer to the "
			"message is not a valid reply: %.300s", rw_buf_text(&shown));
	else
		rw_fail(failure, dialog->subject == RW_SMTP_OF_LOGIN ?
			RW_CONFIG : RW_REFUSED, "the server answered to %s: "
			"%.300s", stage_names[dialog->stage],
			rw_buf_text(&shown));
	failure->retryable = code < 500 || code > 599 ||
		dialog->subject == RW_SMTP_OF_LOGIN ||
		dialog->subject == RW_SMTP_OF_SENDER;
	rw_buf_free(&shown);
}

/* The connection is unusable, for a reason unrelated to this message. */
static bool
is_not_about_us(const struct rw_dialog *dialog, int code)
{
	return dialog->failure.kind == RW_OK &&
		(dialog->stage == RW_SMTP_RSET || (code == 421 &&
		dialog->stage == RW_SMTP_MAIL && dialog->used));
}

/* The commands after the refused one are already sent: reads until the server
 * has answered all of them. */
static void
refused(struct rw_dialog *dialog, int code, const char *answer)
{
	dialog->untouched = is_not_about_us(dialog, code);
	if (dialog->failure.kind == RW_OK)
		fail_command(dialog, code, answer);
	dialog->dirty = dialog->stage != RW_SMTP_DOT;
	dialog->broken = code == 421 || dialog->stage == RW_SMTP_BODY ||
		dialog->stage == RW_SMTP_RSET ||
		dialog->failure.kind == RW_IN_DOUBT;
	if (dialog->broken || dialog->stage >= dialog->last)
		end(dialog);
	else
		dialog->stage++;
}

/* Answer 354 for a refused message: only an empty text would end it, and no
 * recipient must get an empty message. */
static void
unwanted_text(struct rw_dialog *dialog)
{
	dialog->broken = true;
	end(dialog);
}

/* All answers to the probe have arrived. */
static void
end_probe(struct rw_dialog *dialog)
{
	if (dialog->failure.kind != RW_OK) {
		end(dialog);
		return;
	}
	dialog->undoes = true;
	dialog->stage = RW_SMTP_RSET;
	say_command(dialog, RW_SMTP_RSET);
}

static bool
is_good(const struct rw_dialog *dialog, int code)
{
	if (dialog->stage == RW_SMTP_DATA)
		return code == 354;
	return code >= 200 && code <= 299 && dialog->stage != RW_SMTP_BODY;
}

static void
take_answer(struct rw_dialog *dialog, int code, const char *answer)
{
	if (dialog->undoes) {
		dialog->broken = !is_good(dialog, code);
		end(dialog);
		return;
	}
	if (!is_good(dialog, code)) {
		refused(dialog, code, answer);
		return;
	}
	if (dialog->stage == RW_SMTP_DOT) {
		dialog->dirty = false;
		end(dialog);
		return;
	}
	if (dialog->stage == RW_SMTP_RSET)
		dialog->dirty = false;
	if (dialog->stage == RW_SMTP_DATA && dialog->failure.kind != RW_OK) {
		unwanted_text(dialog);
		return;
	}
	dialog->stage++;
	if (dialog->mail->probe && dialog->stage > last_command(dialog->mail)) {
		end_probe(dialog);
		return;
	}
	if (dialog->stage > dialog->last && dialog->stage <= RW_SMTP_DATA)
		say_next(dialog);
}

static void
nonsense(struct rw_dialog *dialog)
{
	dialog->broken = true;
	fail_command(dialog, 0, "it sent more than one answer");
	end(dialog);
}

void
rw_dialog_input(struct rw_dialog *dialog, const char *bytes, size_t len)
{
	struct rw_buf *in = &dialog->in;
	size_t size, last = 0;
	struct rw_err err;
	char *answer;
	int code;

	rw_buf_add(in, bytes, len);
	while (dialog->stage != RW_SMTP_ENDED && in->len > 0 &&
	    (size = rw_smtp_answer_len(in, &last)) > 0) {
		answer = strndup(in->data, size);
		if (answer == NULL) {
			rw_fail_memory(&err, "an answer");
			rw_dialog_lost(dialog, err.message);
			return;
		}
		code = rw_smtp_answer_flatten(answer, strlen(answer), last);
		rw_secret_hide_foreign(answer);
		memmove(in->data, in->data + size, in->len - size + 1);
		in->len -= size;
		take_answer(dialog, code, answer);
		free(answer);
	}
	if (dialog->stage != RW_SMTP_ENDED && in->failed)
		nonsense(dialog);
	/* An answer without a command: all later answers would be assigned to
	 * the wrong command. */
	if (dialog->stage == RW_SMTP_ENDED && in->len > 0)
		dialog->broken = true;
}

void
rw_dialog_withhold(struct rw_dialog *dialog)
{
	rw_fail(&dialog->failure, RW_LOCKED, "too little of the lease was left "
		"to end the message: the server does not have it");
	dialog->broken = true;
	end(dialog);
}

void
rw_dialog_lost(struct rw_dialog *dialog, const char *why)
{
	dialog->broken = true;
	if (dialog->stage == RW_SMTP_ENDED)
		return;
	if (dialog->failure.kind == RW_OK && !dialog->undoes) {
		if (dialog->stage == RW_SMTP_DOT)
			rw_fail(&dialog->failure, RW_IN_DOUBT, "the whole "
				"message was sent, and no answer arrived: %s",
				why);
		else
			rw_fail(&dialog->failure, RW_UNREACHABLE, "the "
				"connection was lost at %s: %s",
				stage_names[dialog->stage], why);
		dialog->failure.retryable = true;
		dialog->untouched = dialog->used &&
			dialog->stage <= RW_SMTP_MAIL;
	}
	end(dialog);
}
