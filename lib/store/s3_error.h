/*
 * The meaning of S3 error codes for the next attempt, and for the operator.
 * Pure.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
#ifndef RW_STORE_S3_ERROR_H
#define RW_STORE_S3_ERROR_H

#include <stdbool.h>

#include "base/retry.h"
#include "store/s3_error_text.h"

/* Classifies a status and a code. */
enum rw_failure
rw_s3_error_failure(int status, const char *code);

/* True when no other request to this bucket can succeed, because the key is
 * unknown or the bucket does not exist. */
bool
rw_s3_error_is_general(const char *code);

/* Advice for the operator, such as "(check MINIO_SECRET_KEY)"; "" when there is
 * none. */
const char *
rw_s3_error_hint(const char *code);

#endif
