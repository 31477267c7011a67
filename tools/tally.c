#include "tally.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "outcome_file.h"

static const char *
value_of(char *const *words, const char *name)
{
	size_t len = strlen(name);

	for (; *words != NULL; words++)
		if (strncmp(*words, name, len) == 0 && (*words)[len] == '=')
			return *words + len + 1;
	return "";
}

static uint64_t
count_would_send(const char *path)
{
	struct rw_outcome_file file;
	uint64_t n = 0;

	rw_outcome_file_open(&file, path);
	while (rw_outcome_file_next(&file))
		n += file.would_send;
	rw_outcome_file_close(&file);
	return n;
}

/* ": no mail to send", or what a dry run that came to the mail would have sent. */
static void
add_mail(struct rw_buf *out, char *const *words)
{
	const char *dry = value_of(words, "dry");

	if (strcmp(value_of(words, "todo"), "0") == 0)
		rw_buf_adds(out, ": no mail to send");
	else if (*dry != '\0' && access(dry, F_OK) == 0)
		rw_buf_addf(out, ", %" PRIu64 " would be mailed",
			count_would_send(dry));
}

void
rw_tally_add(struct rw_buf *out, char *const *words)
{
	const char *counts = value_of(words, "counts");
	const char *before = value_of(words, "sent_before");
	const char *month = value_of(words, "month");
	const char *unchanged = value_of(words, "unchanged");

	rw_buf_addf(out, "%s%s%s due", month, *month != '\0' ? ": " : "",
		value_of(words, "due"));
	if (*counts != '\0')
		rw_buf_addf(out, ", %s", counts);
	else if (*before != '\0')
		rw_buf_addf(out, ", %s sent before", before);
	if (*counts == '\0' && *unchanged != '\0' &&
	    strcmp(unchanged, "0") != 0)
		rw_buf_addf(out, ", %s unchanged", unchanged);
	add_mail(out, words);
	rw_buf_addf(out, ", %s s\n", value_of(words, "took"));
}
