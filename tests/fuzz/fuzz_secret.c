/*
 * Any message with a secret in it: no eight bytes of the secret are left, the
 * message does not grow, and hiding twice is hiding once (but what looks like
 * the secret of a server may only look so when another one was hidden).
 */
#include "fuzz.h"

#include "base/secret.h"

static const char secret[] = "p4ss:w0rd/of+the?Store";

static void
require_hidden(const char *text)
{
	char run[9];
	size_t i;

	for (i = 0; i + 8 < sizeof secret; i++) {
		memcpy(run, secret + i, 8);
		run[8] = '\0';
		require(strstr(text, run) == NULL);
	}
}

static void
hide(const char *text, void (*how)(char *))
{
	char *once = fuzz_copy(text, strlen(text)), *twice;

	how(once);
	require(strlen(once) <= strlen(text));
	require_hidden(once);
	twice = fuzz_copy(once, strlen(once));
	how(twice);
	require(how != rw_secret_hide || strcmp(once, twice) == 0);
	free(once);
	free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool known;
	struct fuzz_input input = {data, size};
	struct rw_buf text = {0};
	char *before, *behind;

	if (!known)
		known = rw_secret_know(secret);
	require(known);
	before = fuzz_text(&input);
	behind = fuzz_rest(&input);
	rw_buf_addf(&text, "%s%s%s", before, secret, behind);
	hide(rw_buf_text(&text), rw_secret_hide);
	hide(rw_buf_text(&text), rw_secret_hide_foreign);
	rw_buf_free(&text);
	free(before);
	free(behind);
	return 0;
}
