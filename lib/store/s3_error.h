/*
 * What the codes with which an S3 server refuses mean for the next attempt, and
 * for the operator. Pure.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
#ifndef RW_STORE_S3_ERROR_H
#define RW_STORE_S3_ERROR_H

#include <stdbool.h>

#include "base/retry.h"
#include "store/s3_error_text.h"

/* What a status and a code mean. */
enum rw_failure
rw_s3_error_failure(int status, const char *code);

/* True when no other request to this bucket can succeed either: the key is
 * unknown, the bucket does not exist. */
bool
rw_s3_error_is_general(const char *code);

/* What the operator can do about it, as "(check MINIO_SECRET_KEY)"; "" when
 * nothing is known. */
const char *
rw_s3_error_hint(const char *code);

#endif
