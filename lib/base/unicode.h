/*
 * Unicode properties of single characters. All functions are pure.
 *
 * Source: Unicode 15.0, PropList.txt (White_Space, Noncharacter_Code_Point)
 * and DerivedCoreProperties.txt (Default_Ignorable_Code_Point).
 */
#ifndef RW_BASE_UNICODE_H
#define RW_BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* A space of any width, a tab, or a line end. */
bool
rw_char_is_blank(uint32_t c);

/* A character that is not drawn: a joiner, a variation selector, a soft hyphen
 * and the like. */
bool
rw_char_is_ignorable(uint32_t c);

/* An ignorable character, or a blank other than U+0020. */
bool
rw_char_is_invisible(uint32_t c);

/* Unicode's name of an invisible character, or of the group that it belongs to.
 * NULL: this table has no name. */
const char *
rw_char_name(uint32_t c);

/* A code point that will never be a character, such as U+FFFE. */
bool
rw_char_is_noncharacter(uint32_t c);

/* Appends the text in the form in which it is drawn: without ignorable
 * characters, and with each blank as U+0020. A joiner behind a letter that it
 * shapes, such as an Arabic one, stays. */
void
rw_text_add_visible(struct rw_buf *out, const char *text);

/* Removes the blanks and ignorable characters around the text: returns its
 * start and its length in bytes. */
const char *
rw_text_trim(const char *text, size_t *len);

/* True when the text would be invisible. */
bool
rw_text_is_invisible(const char *text);

#endif
