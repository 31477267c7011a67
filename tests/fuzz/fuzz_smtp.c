/*
 * Any server in the dialogue that transfers messages. A message counts as
 * accepted only when the line just read is a 2xx and all of the message and its
 * dot were sent; one is lost without doubt only when its dot was not sent.
 */
#include "fuzz.h"

#include "wire/smtp_dialog.h"

static const char text[] = "Subject: x\r\n\r\n.\r\nfrom\r\n..two\r\n";
static const char stuffed[] = "Subject: x\r\n\r\n..\r\nfrom\r\n...two\r\n.\r\n";

struct talk {
	struct rw_dialog dialog;
	struct rw_buf said;	/* bytes that were sent of this message */
	bool is_probe;
};

/* A line that ends an answer of 2xx. */
static bool
is_good_line(const char *line, size_t len)
{
	return len >= 4 && line[0] == '2' && line[1] >= '0' && line[1] <= '9' &&
		line[2] >= '0' && line[2] <= '9' && line[3] != '-';
}

static bool
ends_with(const struct rw_buf *buf, const char *end)
{
	size_t len = strlen(end);

	return buf->len >= len && memcmp(buf->data + buf->len - len, end,
		len) == 0;
}

/* Sends at most max bytes of what is to be sent. */
static void
send_some(struct talk *talk, size_t max)
{
	const char *bytes;
	size_t len = rw_dialog_output(&talk->dialog, &bytes);
	bool is_ending = rw_dialog_is_ending(&talk->dialog);

	require(!is_ending || len > 0);
	if (len > max)
		len = max;
	rw_buf_add(&talk->said, bytes, len);
	require(len == 0 || is_ending ||
		!ends_with(&talk->said, "\r\n.\r\n"));
	rw_dialog_sent(&talk->dialog, len);
}

static void
require_end(const struct talk *talk, bool is_good, bool was_lost)
{
	const struct rw_err *failure = &talk->dialog.failure;
	bool is_whole = ends_with(&talk->said, stuffed);

	require(talk->dialog.stage == RW_SMTP_ENDED);
	require(talk->dialog.mail == NULL);
	require(rw_text_is_utf8(failure->message, strlen(failure->message),
		NULL));
	switch (failure->kind) {
	case RW_OK:
		require(talk->is_probe || (is_whole && is_good && !was_lost));
		break;
	case RW_IN_DOUBT:
		require(is_whole && !talk->is_probe);
		break;
	case RW_UNREACHABLE:
		require(!is_whole && was_lost);
		break;
	case RW_REFUSED:
	case RW_CONFIG:
		require(!is_good || talk->is_probe || !is_whole);
		break;
	case RW_LOCKED:
		require(!is_whole && talk->dialog.broken);
		break;
	case RW_DATA:
	case RW_UNREADABLE:
	case RW_IO:
	case RW_USAGE:
	case RW_BUG:
	default:
		fuzz_broken(__FILE__, __LINE__, "an end of no kind");
	}
}

/* One message, until it has an end. */
static void
transfer(struct talk *talk, const struct rw_mail *mail,
	struct fuzz_input *server)
{
	bool is_good = false, was_lost = false;

	rw_buf_reset(&talk->said);
	talk->is_probe = mail->probe;
	rw_dialog_start(&talk->dialog, mail);
	while (talk->dialog.stage != RW_SMTP_ENDED) {
		const char *line = (const char *)server->data, *end;
		size_t len;

		send_some(talk, server->size % 7 == 0 ? 3 : SIZE_MAX);
		if (server->size == 0) {
			was_lost = true;
			rw_dialog_lost(&talk->dialog, "it is gone");
			break;
		}
		if (*line == '!' && rw_dialog_is_ending(&talk->dialog)) {
			rw_dialog_withhold(&talk->dialog);
			break;
		}
		if (*line == '\t')	/* the answer is late */
			send_some(talk, SIZE_MAX);
		end = memchr(line, '\n', server->size);
		len = end == NULL ? server->size : (size_t)(end - line) + 1;
		is_good = is_good_line(line, len);
		rw_dialog_input(&talk->dialog, line, len);
		server->data += len;
		server->size -= len;
	}
	require_end(talk, is_good, was_lost);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input server = {data, size};
	uint8_t flags = fuzz_byte(&server);
	const struct rw_smtp_features features = {
		.pipelining = flags & 1, .size = flags & 2, .utf8 = flags & 4};
	const struct rw_mail probe = {.sender = "a@example.com",
		.recipient = flags & 8 ? "b@example.com" : NULL, .probe = true};
	const struct rw_mail mail = {.sender = "a@example.com",
		.recipient = "b@example.com", .bytes = text,
		.len = sizeof text - 1, .needs_utf8 = flags & 16};
	struct talk talk = {0};
	int i;

	rw_dialog_open(&talk.dialog, &features);
	if (flags & 32)
		transfer(&talk, &probe, &server);
	for (i = 0; i < 3 && !talk.dialog.broken; i++)
		transfer(&talk, &mail, &server);
	rw_buf_free(&talk.said);
	rw_dialog_free(&talk.dialog);
	return 0;
}
