/*
 * Which tool sets a member: what to run first when it is missing.
 */
#ifndef RW_RECORD_SETTER_H
#define RW_RECORD_SETTER_H

/* "rw-gen" for "pdf_path"; NULL for a member that no tool sets. */
const char *
rw_record_setter(const char *member);

#endif
