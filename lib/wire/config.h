/*
 * Settings from environment variables. An empty variable counts as unset.
 * Failures are RW_CONFIG and name the variable, never a secret's value.
 */
#ifndef RW_WIRE_CONFIG_H
#define RW_WIRE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The value, or the argument otherwise (which may be NULL). Borrowed from the
 * environment. */
const char *
rw_config_text(const char *name, const char *otherwise);

bool
rw_config_bool(const char *name, bool otherwise, bool *value,
	struct rw_err *err);

bool
rw_config_u64(const char *name, uint64_t otherwise, uint64_t min, uint64_t max,
	uint64_t *value, struct rw_err *err);

/* "30d", "15m" or seconds. */
bool
rw_config_seconds(const char *name, uint64_t otherwise, uint64_t *value,
	struct rw_err *err);

/* The secret NAME, or the first line of the file that NAME_FILE names; setting
 * both is an error. From then on no message shows the secret (base/secret.h).
 * The caller frees *value with rw_config_forget; NULL when neither is set. */
bool
rw_config_secret(const char *name, char **value, struct rw_err *err);

/* A word, such as the name of a bucket, without the blanks and line ends that
 * files add at its ends. It must not contain blanks, line ends or control
 * characters. *value is NULL when the word is not set or empty; otherwise the
 * caller frees it with free(). */
bool
rw_config_word(const char *name, char **value, struct rw_err *err);

/* As rw_config_secret, for a secret that is a word, such as the key of a store
 * or a token. NAME_FILE may have blank lines around it, but no other line. */
bool
rw_config_key(const char *name, char **value, struct rw_err *err);

/* Wipes and frees a secret; accepts NULL. */
void
rw_config_forget(char *secret);

#endif
