/*
 * CRC-32C: detects accidental damage, including every change of up to 32
 * consecutive bits. It does not protect against an attacker.
 *
 * Source: RFC 3720, section 12.1 and its examples in appendix B.4.
 */
#ifndef RW_BASE_CRC_H
#define RW_BASE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* Continues from crc, which is 0 for the first bytes. */
uint32_t
rw_crc32c(uint32_t crc, const void *bytes, size_t len);

#endif
