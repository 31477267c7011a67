/*
 * Text that must be UTF-8, whatever was put into it or cut off. Separate from
 * base/text.h, because every error message depends on it.
 */
#ifndef RW_BASE_CUT_H
#define RW_BASE_CUT_H

/* Makes text UTF-8 in place: removes incomplete characters, such as those that a
 * precision of printf(3) leaves, and puts "?" in place of every other byte that
 * is not part of a character. */
void
rw_cut_drop(char *text);

#endif
