/*
 * Internationalised domain names in the form that protocols require: A-labels.
 *
 * Source: RFC 5890, RFC 5891 (IDNA 2008), through libidn2. libcurl uses libidn2
 * as well, but in the locale's character set.
 */
#ifndef RW_WIRE_IDN_H
#define RW_WIRE_IDN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* True when each A-label in an ASCII name decodes to a label that IDNA 2008
 * allows. Other labels are not checked. RW_DATA. */
bool
rw_idn_check(const char *domain, struct rw_err *err);

/* Appends the domain with its labels in ASCII. A domain that is already ASCII
 * is appended unchanged if rw_idn_check allows it. RW_DATA when the domain has
 * no such form. */
bool
rw_idn_to_ascii(const char *domain, struct rw_buf *out, struct rw_err *err);

#endif
