/*
 * Any words in a mail. Its lines are short and ASCII and end with CRLF, its
 * head has the fields that we wrote and no other, and the same words give the
 * same bytes.
 */
#include "fuzz.h"

#include "mail/message.h"
#include "record/mail_edition.h"

static const char *const fields[] = {"From", "To", "Cc", "Reply-To", "Date",
	"Subject", "Message-ID", "Message-Id", "MIME-Version", "Mime-Version",
	"X-Original-To", "Auto-Submitted", "Content-Type",
	"Content-Transfer-Encoding", "Content-Disposition",
	"X-Auto-Response-Suppress", "Sender", "List-Unsubscribe",
	"List-Unsubscribe-Post", "List-Id", "Precedence", "Feedback-ID",
	"Organization", "Content-Language"};

static bool
is_field(const char *line, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof fields / sizeof *fields; i++)
		if (len > strlen(fields[i]) && strncmp(line, fields[i],
		    strlen(fields[i])) == 0 && line[strlen(fields[i])] == ':')
			return true;
	return false;
}

static void
require_lines(const struct rw_buf *mail)
{
	const char *line = mail->data, *end = line + mail->len, *next;
	bool in_head = true;

	for (; line < end; line = next + 2) {
		next = memmem(line, (size_t)(end - line), "\r\n", 2);
		require(next != NULL && next - line <= 998);
		require(memchr(line, '\n', (size_t)(next - line)) == NULL);
		require(memchr(line, '\r', (size_t)(next - line)) == NULL);
		in_head = in_head && next > line;
		require(!in_head || *line == ' ' || *line == '\t' ||
			is_field(line, (size_t)(next - line)));
	}
	require(fuzz_is_ascii(mail->data) && strlen(mail->data) == mail->len);
}

/* As the caller promises: UTF-8, without control characters. */
static char *
words(struct fuzz_input *input)
{
	char *text = fuzz_text(input), *at = text;
	const char *next;
	uint32_t c;

	while (*at != '\0') {
		next = at;
		c = rw_text_next(&next);
		if (c == 0xfffd || rw_text_is_control(c))
			memset(at, '_', (size_t)(next - at));
		at += next - at;
	}
	return text;
}

/* Each byte 0x01 ends a line, and so does the end. */
static char *
lines(struct fuzz_input *input)
{
	struct fuzz_input piece = *input;
	size_t len = strnlen((const char *)input->data, input->size), i;
	char *text, *part;
	struct rw_buf all = {0};

	for (i = 0; i <= len; i += strlen(part) + 1, free(part)) {
		const uint8_t *end = memchr(input->data + i, 1, len - i);

		piece.data = input->data + i;
		piece.size = end == NULL ? len - i : (size_t)(end - piece.data);
		part = words(&piece);
		rw_buf_adds(&all, part);
		rw_buf_addc(&all, '\n');
	}
	text = fuzz_text(input);
	free(text);
	return rw_buf_take(&all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	char *from = words(&input), *to = words(&input);
	char *subject = words(&input), *file = words(&input);
	char *text = lines(&input), *html = lines(&input);
	struct rw_message message = {.edition = size % 3 == 0 ? RW_MAIL_FIRST :
		RW_MAIL_EDITION, .from_name = from, .from = "a@example.com",
		.to_name = to, .to = "b@example.com", .subject = subject,
		.message_id = "1.2.r1@example.com", .date = 1751328000,
		.text = text, .html = *html == '\n' ? NULL : html,
		.attachments = {{file, "application/pdf", data, size}},
		.attachment_count = size % 2};
	struct rw_buf first = {0}, second = {0};
	struct rw_err err = {0};
	bool good;

	good = rw_message_compose(&message, &first, &err);
	fuzz_outcome(good, &err);
	if (good) {
		require_lines(&first);
		require(rw_message_compose(&message, &second, &err));
		require(first.len == second.len && memcmp(first.data,
			second.data, first.len) == 0);
	}
	rw_buf_free(&first);
	rw_buf_free(&second);
	free(from), free(to), free(subject), free(file), free(text), free(html);
	return 0;
}
