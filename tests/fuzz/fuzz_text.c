/*
 * Any bytes as text, quoted for JSON, terminals, HTML and URLs: nothing is lost
 * that can be decoded, and nothing dangerous is left.
 */
#include "fuzz.h"

#include <ctype.h>

#include "base/unicode.h"
#include "wire/json.h"

static void
quote_json(const char *text, bool is_utf8)
{
	struct rw_arena arena = {0};
	struct rw_buf out = {0};
	struct rw_err err = {0};
	const char *again;

	rw_text_add_json(&out, text);
	require(rw_json_check(rw_buf_text(&out), out.len, &err));
	again = rw_json_string((struct rw_json){out.data, out.len}, &arena,
		&err);
	require(again != NULL);
	require(!is_utf8 || strcmp(again, text) == 0);
	rw_buf_free(&out);
	rw_arena_free(&arena);
}

static void
quote_others(const char *text, bool is_utf8)
{
	struct rw_buf out = {0};
	const char *c;

	rw_text_add_printable(&out, text);
	require(!rw_text_has_control(rw_buf_text(&out)) || !is_utf8);
	rw_buf_reset(&out);
	rw_text_add_html(&out, text);
	require(strpbrk(rw_buf_text(&out), "<>\"") == NULL);
	rw_buf_reset(&out);
	rw_text_add_percent(&out, text, "/");
	for (c = rw_buf_text(&out); *c != '\0'; c++)
		require(isalnum((unsigned char)*c) ||
			strchr("-._~/%", *c) != NULL);
	rw_buf_free(&out);
}

static void
look(const char *text)
{
	struct rw_buf out = {0}, again = {0};
	const char *at = text, *before;
	size_t len;

	while (*at != '\0') {
		before = at;
		(void)rw_char_is_blank(rw_text_next(&at));
		require(at > before && at <= text + strlen(text));
	}
	at = rw_text_trim(text, &len);
	require(at >= text && at + len <= text + strlen(text));
	rw_text_add_visible(&out, text);
	rw_text_add_visible(&again, rw_buf_text(&out));
	require(strcmp(rw_buf_text(&out), rw_buf_text(&again)) == 0);
	rw_buf_free(&out);
	rw_buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	char *text = fuzz_rest(&input);
	size_t bad = 0;
	bool is_utf8 = rw_text_is_utf8(text, strlen(text), &bad);

	require(is_utf8 || (bad < strlen(text) &&
		rw_text_is_utf8(text, bad, NULL)));
	quote_json(text, is_utf8);
	quote_others(text, is_utf8);
	look(text);
	free(text);
	return 0;
}
