#include "stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


enum { LATE = 124, NOT_RUN = 126, MISSING = 127, BY_SIGNAL = 128,
	ABORTED = 100 };

static const struct rw_stage stages[] = {
	{"list", "rw-list", false, false, NULL, NULL},
	{"lookup", "rw-record --lookup", false, false, NULL, NULL},
	{"gen", "rw-gen", false, false, NULL, NULL},
	{"check", "rw-presign --check", true, false, NULL, NULL},
	{"put", "rw-put", true, false, NULL, NULL},
	{"presign", "rw-presign", true, false, NULL, NULL},
	{"verify", "rw-verify", true, false, NULL, NULL},
	{"claim", "rw-record --claim", false, false, NULL, NULL},
	{"mail", "rw-mail", false, false, NULL, NULL},
	{"result", "rw-record --result", false, false, NULL, NULL},
	{"free", "rw-record --free", false, false, NULL, NULL},
	{"audit", "rw-record --audit", false, true,
		"reports that were due were not sent",
		"other runs have not ended yet"},
	{"sum", "rw-splice --rehearsed", false, true,
		"reports would not be sent", NULL},
};

struct rw_stage
rw_stage_of(const char *name)
{
	struct rw_stage other = {.name = name};
	size_t i;

	for (i = 0; i < sizeof stages / sizeof *stages; i++)
		if (strcmp(stages[i].name, name) == 0)
			return stages[i];
	snprintf(other.tool, sizeof other.tool, "rw-%s", name);
	return other;
}

int
rw_stage_settled(const char *status)
{
	enum rw_kind kind;
	int n = atoi(status);

	if (*status == '\0')
		return rw_kind_status(RW_IO);
	for (kind = RW_OK; kind <= RW_BUG; kind++)
		if (rw_kind_status(kind) == n)
			return n;
	switch (n) {
	case NOT_RUN:
	case MISSING:
		return rw_kind_status(RW_CONFIG);
	case BY_SIGNAL + 4:	/* SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV */
	case BY_SIGNAL + 5:
	case BY_SIGNAL + 6:
	case BY_SIGNAL + 7:
	case BY_SIGNAL + 8:
	case BY_SIGNAL + 11:
		return rw_kind_status(RW_BUG);
	default:
		return rw_kind_status(RW_IO);
	}
}

enum rw_kind
rw_stage_kind(int settled)
{
	enum rw_kind kind = RW_BUG;

	while (kind > RW_OK && rw_kind_status(kind) != settled)
		kind--;
	return kind;
}

void
rw_stage_describe(const struct rw_stage *stage, const char *status,
	struct rw_buf *out)
{
	int n = atoi(status);

	if (n == 1 && stage->words_1 != NULL)
		rw_buf_adds(out, stage->words_1);
	else if (n == rw_kind_status(RW_LOCKED) && stage->words_75 != NULL)
		rw_buf_adds(out, stage->words_75);
	else if (*status == '\0')
		rw_buf_addf(out, "%s was aborted", stage->tool);
	else if (n == LATE)
		rw_buf_addf(out, "%s did not end in time and was stopped",
			stage->tool);
	else if (n == NOT_RUN || n == MISSING)
		rw_buf_addf(out, "%s is missing or cannot be run",
			stage->tool);
	else if (n > BY_SIGNAL)
		rw_buf_addf(out, "%s was killed by signal %d", stage->tool,
			n - BY_SIGNAL);
	else
		rw_buf_addf(out, "%s ended with status %d", stage->tool, n);
}

const char *
rw_stage_group(const struct rw_stage *stage, const char *status,
	bool reader_gone)
{
	int n = atoi(status);

	if (*status != '\0' && n == 0)
		return "";
	if (n == 1)
		return stage->asks ? "unsent" : "failed";
	if (*status == '\0' || n >= ABORTED)
		return "aborted";
	return reader_gone ? "cut" : "failed";
}

int
rw_stage_worst(char *const *statuses)
{
	enum rw_kind worst = RW_OK, kind;
	int status = 0;

	for (; *statuses != NULL; statuses++)
		for (kind = worst; kind <= RW_BUG; kind++)
			if (rw_kind_status(kind) == atoi(*statuses)) {
				worst = kind;
				status = atoi(*statuses);
			}
	return status;
}
