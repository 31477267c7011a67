"""What tests have made in a store of the user's own: s3_bucket.py COMMAND BUCKET

empty removes the objects and open uploads below reports/, the object
"elsewhere" and the like, and the lifecycle rules; remove all objects, and the bucket. The
store is that of MINIO_ENDPOINT_URL.
"""

import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

OURS = ("reports/", "reports-of-ours", "elsewhere")


def client():
    env = os.environ
    style = env.get("RW_S3_STYLE", "auto")
    return boto3.client(
        "s3",
        endpoint_url=env["MINIO_ENDPOINT_URL"],
        region_name=env["MINIO_REGION"],
        aws_access_key_id=env["MINIO_ACCESS_KEY"],
        aws_secret_access_key=env["MINIO_SECRET_KEY"],
        aws_session_token=env.get("MINIO_SESSION_TOKEN") or None,
        config=Config(
            s3={"addressing_style": "virtual" if style == "virtual" else "path"}
        ),
    )


def versions(s3, bucket, prefix):
    """Key and version of all objects; stores without versions list none."""
    try:
        pages = list(
            s3.get_paginator("list_object_versions").paginate(
                Bucket=bucket, Prefix=prefix
            )
        )
    except ClientError:
        pages = []
    for page in pages:
        for one in page.get("Versions", []) + page.get("DeleteMarkers", []):
            yield {"Key": one["Key"], "VersionId": one["VersionId"]}
    for page in s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix
    ):
        for one in page.get("Contents", []):
            yield {"Key": one["Key"]}


def empty(s3, bucket, prefixes):
    for prefix in prefixes:
        for one in list(versions(s3, bucket, prefix)):
            s3.delete_object(Bucket=bucket, **one)
    try:
        uploads = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
        for upload in uploads:
            if upload["Key"].startswith(tuple(prefixes)):
                s3.abort_multipart_upload(
                    Bucket=bucket,
                    Key=upload["Key"],
                    UploadId=upload["UploadId"],
                )
        s3.delete_bucket_lifecycle(Bucket=bucket)
    except ClientError as error:
        print("s3_bucket.py: %s" % error, file=sys.stderr)


def main():
    command, bucket = sys.argv[1:]
    s3 = client()
    if command == "empty":
        empty(s3, bucket, OURS)
    elif command == "remove":
        empty(s3, bucket, [""])
        s3.delete_bucket(Bucket=bucket)
    else:
        sys.exit("s3_bucket.py: no command %s" % command)


main()
