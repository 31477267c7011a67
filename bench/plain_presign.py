"""What rw-presign does, written plainly with boto3: lines in, lines out."""

import datetime
import json
import os
import sys

import boto3
from botocore.config import Config

version, expires = sys.argv[1], int(sys.argv[2])
s3 = boto3.client(
    "s3", endpoint_url=os.environ["MINIO_ENDPOINT_URL"],
    region_name="us-east-1",
    aws_access_key_id=os.environ["MINIO_ACCESS_KEY"],
    aws_secret_access_key=os.environ["MINIO_SECRET_KEY"],
    config=Config(signature_version=version))
bucket = os.environ["MINIO_BUCKET_NAME"]


def link(record, key, suffix):
    name = f"SpreadPilot_Report_{record['report_period']}.{suffix}"
    return s3.generate_presigned_url(
        "get_object", ExpiresIn=expires, Params={
            "Bucket": bucket, "Key": record[key],
            "ResponseContentDisposition": f'attachment; filename="{name}"'})


for line in sys.stdin:
    record = json.loads(line)
    record["pdf_url"] = link(record, "pdf_key", "pdf")
    record["excel_url"] = link(record, "excel_key", "xlsx")
    record["url_expires_at"] = (
        datetime.datetime.now(datetime.timezone.utc)
        + datetime.timedelta(seconds=expires)).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(json.dumps(record, separators=(",", ":"), ensure_ascii=False))
