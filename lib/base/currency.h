/*
 * Currencies, and how many decimals an amount of each has.
 *
 * The currencies and funds of ISO 4217's list of 2026-01-01, and those that
 * were withdrawn in 2025 (ANG, BGN): statements of earlier months name them.
 *
 * Source: https://www.six-group.com/en/products-services/financial-information/market-reference-data/data-standards.html
 */
#ifndef RW_BASE_CURRENCY_H
#define RW_BASE_CURRENCY_H

#include <stdbool.h>

#include "base/err.h"

/* Decimals of the currency's minor unit: 0 for JPY, 3 for KWD, 4 for CLF, 2 for
 * most. RW_DATA when code is not in the list, or has no minor unit (XAU). */
bool
rw_currency_digits(const char *code, int *digits, struct rw_err *err);

#endif
