/*
 * The lines of the files in the journal, as text; rw-journal(5) is the
 * contract:
 *
 * 	{"journal":"KIND","n":N,"crc32c":"XXXXXXXX",MEMBERS}
 *
 * N counts the lines of a file from 1. XXXXXXXX is the CRC-32C, in hexadecimal,
 * of the file's name, a newline, and the line without these eight digits. It
 * proves that the line is unchanged, at its original position, and in its
 * original file.
 *
 * Release 1.0.0 wrote journals whose lines have neither N nor checksum. The
 * form of the file's name distinguishes them.
 */
#ifndef RW_JOURNAL_LINE_H
#define RW_JOURNAL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/boot.h"
#include "base/buf.h"

enum rw_journal_kind {
	RW_JOURNAL_OPEN,	/* the first line of a journal */
	RW_JOURNAL_RUN,		/* the only line of a run's file */
	RW_JOURNAL_BEGIN,
	RW_JOURNAL_SENT,
	RW_JOURNAL_FAILED,
	RW_JOURNAL_IN_DOUBT,
};

struct rw_journal_line {
	enum rw_journal_kind kind;
	uint64_t n;		/* 0: it has no checksum */
	const char *members;	/* borrowed; the closing brace included */
	size_t len;
};

/* Appends a line and its newline. members is as above. */
void
rw_journal_line_add(struct rw_buf *out, const char *name,
	enum rw_journal_kind kind, uint64_t n, const char *members,
	size_t len);

/* False: it is not a line of the file, or it is damaged. */
bool
rw_journal_line_parse(struct rw_journal_line *line, const char *name,
	const char *text, size_t len);

/* Appends its members as an object. */
void
rw_journal_line_object(const struct rw_journal_line *line,
	struct rw_buf *out);

/* True for the name of a journal whose lines have checksums. */
bool
rw_journal_is_checked(const char *name);

/* The first line, about the whole journal. When something in it changes, it is
 * overwritten in place; its length never changes. */
struct rw_journal_head {
	char boot_id[RW_BOOT_ID_SIZE];	/* of the writer's kernel; "": it is
					 * not known */
	uint64_t inode;		/* of the file: a copy has a different one */
	int64_t lease_until;	/* the latest end of a lease among its claims,
				 * by the ledger's clock; seconds since 1970 */
	uint64_t lines;		/* lines on disk, including this one, when it
				 * was written; more lines may follow */
};

void
rw_journal_head_add(struct rw_buf *out, const char *name, const char *host,
	const struct rw_journal_head *head);

bool
rw_journal_head_parse(struct rw_journal_head *head,
	const struct rw_journal_line *line);

#endif
