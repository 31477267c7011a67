/*
 * A header field of an HTTP message: wire/http sends it, and wire/sigv4 signs
 * it.
 */
#ifndef RW_WIRE_HEADER_H
#define RW_WIRE_HEADER_H

struct rw_header {
	const char *name;	/* lower case */
	const char *value;	/* without blanks at its ends */
};

#endif
