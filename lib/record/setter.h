/*
 * The tool that sets a member. When the member is missing, the operator must
 * run this tool first.
 */
#ifndef RW_RECORD_SETTER_H
#define RW_RECORD_SETTER_H

/* "rw-gen" for "pdf_path"; NULL for a member that no tool sets. */
const char *
rw_record_setter(const char *member);

#endif
