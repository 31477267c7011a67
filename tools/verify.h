/* Declarations that rw-verify's files share. */
#ifndef RW_TOOLS_VERIFY_H
#define RW_TOOLS_VERIFY_H

#include <stddef.h>

#include "checklist.h"
#include "cli.h"
#include "store/s3.h"

struct verify {
	struct rw_s3 *s3;
	bool run;		/* --run: RW_VERIFY applies, and a time limit */
	bool off;		/* RW_VERIFY=off */
	bool first;		/* check one report for all */
	int64_t end_ms;		/* of the time limit, monotonic; 0: none */
	bool warned;		/* about tools in the wrong order */
	bool decided;
	struct rw_err verdict;	/* on the first report; RW_OK: good */
	uint64_t good, dead;	/* reports that were tried */
	uint64_t untried;	/* reports left when the time was over */
	struct rw_checklist list;
};

/* Tries the links of the lines on standard input, connections at once. */
enum rw_kind
rw_verify_links(struct verify *verify, const struct rw_common *common,
	size_t connections);

#endif
