/*
 * The place of a report's two files, DIR/PERIOD/FOLLOWER/; see
 * statement/report.h.
 */
#ifndef RW_STATEMENT_REPORT_PLACE_H
#define RW_STATEMENT_REPORT_PLACE_H

#include "base/buf.h"
#include "statement/statement.h"

/* Makes both paths. */
bool
rw_report_place(const char *dir, const struct rw_statement_input *in,
	struct rw_buf *pdf_path, struct rw_buf *excel_path, struct rw_err *err);

/* Makes the directory of a path. RW_IO, also when a symbolic link is in its
 * place. */
bool
rw_report_make_place(struct rw_buf *path, struct rw_err *err);

#endif
