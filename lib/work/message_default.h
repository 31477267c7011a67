/*
 * The default texts of the mail, as templates. The sentences are those of the
 * system that this one replaces; readers and filters know them.
 */
#ifndef RW_WORK_MESSAGE_DEFAULT_H
#define RW_WORK_MESSAGE_DEFAULT_H

#include "work/message_text.h"

extern const char *const rw_text_defaults[RW_TEXTS];

#endif
