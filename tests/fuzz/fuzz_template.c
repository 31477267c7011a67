/*
 * Any text as a template. Filled with its own placeholders it is the text that
 * it came from; and no value opens an element of HTML.
 */
#include "fuzz.h"

#include "mail/template.h"

static const char *const names[] = {"brand", "name", "pdf_url", NULL};

static size_t
count_of(const char *text, char c)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == c;
	return count;
}

static void
fill(const char *text, enum rw_escape escape, const char *const *values,
	struct rw_buf *out)
{
	struct rw_template template = {0};
	struct rw_err err = {0};
	bool good = rw_template_parse(&template, "a file", text, escape, names,
		&err);

	fuzz_outcome(good, &err);
	rw_buf_reset(out);
	if (good)
		rw_template_fill(&template, values, out);
	else
		rw_buf_adds(out, text);
	rw_template_free(&template);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const same[] = {"{brand}", "{name}", "{pdf_url}"};
	static const char *const marks[] = {"<b>", "\"'>&", "<<"};
	struct fuzz_input input = {data, size};
	char *text = fuzz_rest(&input);
	struct rw_buf out = {0};

	fill(text, RW_ESCAPE_NOT, same, &out);
	/* The marks of a section are not shown. */
	require(strstr(text, "{?") != NULL || strstr(text, "{/") != NULL ||
		strcmp(rw_buf_text(&out), text) == 0);
	fill(text, RW_ESCAPE_HTML, marks, &out);
	require(count_of(rw_buf_text(&out), '<') == count_of(text, '<'));
	require(count_of(rw_buf_text(&out), '"') == count_of(text, '"'));
	rw_buf_free(&out);
	free(text);
	return 0;
}
