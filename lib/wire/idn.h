/*
 * Internationalised domain names as the protocols want them: A-labels.
 *
 * Source: RFC 5890, RFC 5891 (IDNA 2008), through libidn2, which is what
 * libcurl asks too; but libcurl asks it in the locale's character set.
 */
#ifndef RW_WIRE_IDN_H
#define RW_WIRE_IDN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Whether each A-label in a name in ASCII decodes to a label that IDNA 2008
 * allows; other labels are not looked at. RW_DATA. */
bool
rw_idn_check(const char *domain, struct rw_err *err);

/* Appends the domain with its labels in ASCII; one that is ASCII already as
 * it is, when rw_idn_check allows it. RW_DATA when there is no such form. */
bool
rw_idn_to_ascii(const char *domain, struct rw_buf *out, struct rw_err *err);

#endif
