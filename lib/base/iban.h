/*
 * International bank account numbers.
 *
 * Sources: ISO 13616-1 (form), ISO/IEC 7064 MOD 97-10 (check digits), SWIFT
 * IBAN Registry (lengths by country).
 */
#ifndef RW_BASE_IBAN_H
#define RW_BASE_IBAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define RW_IBAN_SIZE 35		/* 34 characters and a NUL */
#define RW_IBAN_GROUPED_SIZE 44	/* with a space every four characters */

/* Checks an IBAN with or without spaces, and stores it without spaces in
 * capital letters. RW_DATA: the message names the fault and never shows the
 * whole number. */
bool
rw_iban_parse(const char *text, char iban[RW_IBAN_SIZE], struct rw_err *err);

/* How many characters an IBAN of this country has, of which iban has the first
 * two letters; 0 when the country is not in the registry. */
size_t
rw_iban_country_length(const char *iban);

/* Whether accounts of the IBAN's country can be paid by a SEPA credit transfer
 * (EPC409-09, version of 2025-05). */
bool
rw_iban_is_sepa(const char *iban);

/* Writes the IBAN in groups of four: "DE89 3704 0044 0532 0130 00". */
void
rw_iban_grouped(char out[RW_IBAN_GROUPED_SIZE], const char *iban);

#endif
