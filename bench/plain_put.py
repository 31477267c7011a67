"""What rw-put does, written plainly with boto3: lines in, lines out, both
files of a report and several reports at the same time.

    plain_put.py put_object|upload_file

upload_file is what boto3's manual shows for files: it looks whether a file is
worth parts, and costs more.
"""

import concurrent.futures
import json
import os
import sys

import boto3
from botocore.config import Config

THREADS = 8
s3 = boto3.client(
    "s3", endpoint_url=os.environ["MINIO_ENDPOINT_URL"],
    region_name="us-east-1",
    aws_access_key_id=os.environ["MINIO_ACCESS_KEY"],
    aws_secret_access_key=os.environ["MINIO_SECRET_KEY"],
    config=Config(signature_version="s3v4", max_pool_connections=THREADS))
bucket = os.environ["MINIO_BUCKET_NAME"]


def put(path, key, content_type):
    if sys.argv[1] == "upload_file":
        s3.upload_file(path, bucket, key,
                       ExtraArgs={"ContentType": content_type})
        return key
    with open(path, "rb") as file:
        s3.put_object(Bucket=bucket, Key=key, Body=file,
                      ContentType=content_type)
    return key


def store(pool, record):
    period, follower = record["report_period"], record["follower_id"]
    stem = f"python/{period}/{follower}/report_{period}"
    return (pool.submit(put, record["pdf_path"], stem + ".pdf",
                        "application/pdf"),
            pool.submit(put, record["excel_path"], stem + ".xlsx",
                        "application/vnd.ms-excel"))


with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
    records = [json.loads(line) for line in sys.stdin]
    futures = [store(pool, record) for record in records]
    for record, (pdf, excel) in zip(records, futures):
        record["pdf_key"], record["excel_key"] = pdf.result(), excel.result()
        record["minio_upload"] = True
        print(json.dumps(record))
