/*
 * The table of settings: the environment variables that report-worker and its
 * libraries read, and the variables that a settings file must never set. Tests
 * compare it with the sources and with rw-env(1).
 */
#ifndef RW_WIRE_SETTINGS_H
#define RW_WIRE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

enum rw_setting_kind {
	RW_SETTING_OTHER,	/* not read here */
	RW_SETTING_OURS,	/* read here or by a library */
	RW_SETTING_CODE,	/* determines which code a program loads or
				 * runs */
};

enum rw_setting_kind
rw_setting_kind(const char *name);

/* The patterns of our names, in order: "TZ", or "PG*" for all names with this
 * beginning. NULL after the last one. *is_secret: NAME_FILE is a setting as
 * well. */
const char *
rw_setting_pattern(size_t i, bool *is_secret);

#endif
