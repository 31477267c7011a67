/*
 * The names of settings: which environment variables report-worker and its
 * libraries read, and which ones a settings file must never set. The one table
 * of them; tests compare it with what the sources read and with rw-env(1).
 */
#ifndef RW_WIRE_SETTINGS_H
#define RW_WIRE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

enum rw_setting_kind {
	RW_SETTING_OTHER,	/* nothing here reads it */
	RW_SETTING_OURS,	/* read here or by a library */
	RW_SETTING_CODE,	/* decides which code a program loads or runs */
};

enum rw_setting_kind
rw_setting_kind(const char *name);

/* The patterns of the names that are ours, in order: "TZ", or "PG*" for all
 * that begin so. NULL after the last one. *is_secret: NAME_FILE is one too. */
const char *
rw_setting_pattern(size_t i, bool *is_secret);

#endif
