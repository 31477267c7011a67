/*
 * Characters of UTF-8 that were cut. Apart from base/text.h, because every
 * error message depends on it.
 */
#ifndef RW_BASE_CUT_H
#define RW_BASE_CUT_H

/* Removes, in place, the first bytes of characters that lack their last ones, as
 * a precision of printf(3) leaves them. Other bytes stay. */
void
rw_cut_drop(char *text);

#endif
