#include "outcome.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "wire/config.h"

bool
rw_outcome_write(const char *tool, const struct rw_filter_counts *counts,
	bool reader_gone, struct rw_err *err)
{
	const char *path = rw_config_text("RW_OUTCOME_FILE", NULL);
	struct rw_buf out = {0};
	bool good;

	if (path == NULL)
		return true;
	rw_buf_adds(&out, "{\"tool\":");
	rw_text_add_json(&out, tool);
	rw_buf_addf(&out, ",\"read\":%" PRIu64 ",\"passed\":%" PRIu64
		",\"failed\":%" PRIu64 ",\"dropped\":%" PRIu64
		",\"unreadable\":%" PRIu64 ",\"reader_gone\":%s}\n",
		counts->read, counts->passed, counts->failed, counts->dropped,
		counts->unreadable, reader_gone ? "true" : "false");
	good = rw_buf_ok(&out, "the outcome", err) && rw_file_write(path,
		out.data, out.len, RW_SYNC_NONE, err);
	rw_buf_free(&out);
	return good;
}
