#include "store/s3_notes_priv.h"

#include <stdlib.h>

#include "tap.h"

/* The uploads of a text as "key=id;", the last begun first. */
static bool
read_notes(const char *text, struct rw_buf *out)
{
	struct rw_s3_note *list = NULL, *at;
	char *copy = strdup(text);
	bool is_ours = rw_s3_notes_read(&list, "s", copy);

	rw_buf_reset(out);
	for (at = list; at != NULL; at = at->next)
		rw_buf_addf(out, "%s=%s;", at->key, at->id);
	rw_s3_notes_free(&list);
	free(copy);
	return is_ours;
}

static void
test_read(void)
{
	static const struct {
		const char *text, *open;
		bool is_ours;
	} cases[] = {
		{"", "", true},
		{"boot x\n", "", true},
		{"boot x\nbegin s a 1\nbegin s b 2\n", "b=2;a=1;", true},
		{"begin s a 1\nend 1\n", "", true},
		{"begin s a 1\nend 2\n", "a=1;", true},
		{"begin s a%20b %2F1\n", "a b=/1;", true},
		{"begin t a 1\nbegin s b 2\n", "b=2;", false},
		/* Cut by a crash, or damaged. */
		{"begin s a", "", true},
		{"begin s a 1\nbegin s b", "a=1;", true},
		{"begin s a %\nbegin s %00 1\nbegin s %zz 1\n", "", true},
		{"begin s a 1 2\n", "", true},
		{"begin\nend\n\n \n", "", true},
	};
	struct rw_buf out = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		is_int(read_notes(cases[i].text, &out), cases[i].is_ours,
			"notes %zu", i);
		is(rw_buf_text(&out), cases[i].open, "what is open");
	}
	rw_buf_free(&out);
}

static void
test_write(void)
{
	struct rw_buf text = {0}, out = {0};

	rw_s3_notes_begin_line(&text, "s", "reports/a b\n", "i/d+1");
	rw_s3_notes_begin_line(&text, "s", "c", "2");
	rw_s3_notes_end_line(&text, "2");
	ok(read_notes(rw_buf_text(&text), &out), "what was written");
	is(rw_buf_text(&out), "reports/a b\n=i/d+1;", "is read");
	rw_buf_free(&text);
	rw_buf_free(&out);
}

int
main(void)
{
	test_read();
	test_write();
	return done();
}
