/*
 * Incomplete UTF-8 characters. Separate from base/text.h, because every error
 * message depends on it.
 */
#ifndef RW_BASE_CUT_H
#define RW_BASE_CUT_H

/* Removes incomplete characters in place, such as those that a precision of
 * printf(3) leaves. Other bytes are unchanged. */
void
rw_cut_drop(char *text);

#endif
