/*
 * Any answer of a mail server, and the stream in which an answer to EHLO comes:
 * letters are raised alike however the stream is cut. Apart from letters, only
 * tabs and equals signs may change, to blanks.
 */
#include "fuzz.h"

#include <ctype.h>

#include "wire/smtp_answer.h"
#include "wire/smtp_case.h"

static void
raise_twice(const char *bytes, size_t len, size_t cut)
{
	struct rw_smtp_case whole = {0}, pieces = {0};
	char *a = fuzz_copy(bytes, len), *b = fuzz_copy(bytes, len);
	size_t i, piece;

	rw_smtp_case_raise(&whole, a, len);
	for (i = 0; i < len; i += piece) {
		piece = len - i < cut ? len - i : cut;
		rw_smtp_case_raise(&pieces, b + i, piece);
	}
	require(len == 0 || memcmp(a, b, len) == 0);
	for (i = 0; i < len; i++)
		require(a[i] == bytes[i] ||
			a[i] == toupper((unsigned char)bytes[i]) ||
			(a[i] == ' ' && strchr("\t=", bytes[i]) != NULL));
	free(a);
	free(b);
}

static void
note(const char *text)
{
	struct rw_smtp_features features = {0};

	rw_smtp_note_feature(&features, text);
	require(memchr(features.mechanisms, '\0', sizeof features.mechanisms)
		!= NULL);
	require(features.size || features.max_size == 0);
	(void)rw_smtp_names_relaying(text);
	(void)rw_smtp_subject(RW_SMTP_RCPT, 550, text, true);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	size_t len, last = 0, cut = fuzz_byte(&input) % 32 + 1U;
	struct rw_buf in = {0};
	char *answer;
	int code;

	raise_twice((const char *)input.data, input.size, cut);
	rw_buf_add(&in, input.data, input.size);
	len = in.len == 0 ? 0 : rw_smtp_answer_len(&in, &last);
	require(len <= in.len && (len == 0 || last < len));
	if (len > 0) {
		answer = fuzz_copy(in.data, len);
		code = rw_smtp_answer_flatten(answer, strlen(answer), last);
		require(code == 0 || (code >= 100 && code <= 999));
		require(strpbrk(answer, "\r\n") == NULL);
		free(answer);
	}
	answer = fuzz_rest(&input);
	note(answer);
	free(answer);
	rw_buf_free(&in);
	return 0;
}
