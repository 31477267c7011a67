/*
 * Recognises our rules, for lifecycle.c and lifecycle_read.c.
 */
#ifndef RW_STORE_LIFECYCLE_PRIV_H
#define RW_STORE_LIFECYCLE_PRIV_H

#include <stddef.h>

#include "base/err.h"

/* libxml2's; see wire/xml.h. */
struct _xmlDoc;
struct _xmlNode;

enum rw_lifecycle_rule { RW_RULE_OTHER, RW_RULE_REPORTS, RW_RULE_MARKERS };

/* Recognised by the id, or by the actions when the store does not keep ids. */
enum rw_lifecycle_rule
rw_lifecycle_rule_of(const struct _xmlNode *rule);

/* NULL with RW_REFUSED when the document is not a lifecycle configuration. */
struct _xmlDoc *
rw_lifecycle_open(const char *text, size_t len, struct rw_err *err);

#endif
