#!/usr/bin/python3
"""Compare rw-presign's links with those that boto3 makes, byte for byte.

usage: botocore_links.py RW-PRESIGN [COUNT]

Random keys of every class of character, versions, session tokens, endpoints
and times; each is signed by both with the same clock. Ends 1 at a difference.
"""

import datetime
import json
import os
import random
import subprocess
import sys
from unittest import mock

import boto3
from botocore.config import Config

CHARACTERS = ("abcXYZ019-._~/ +=%&?#!$'()*,:;@[]\"<>\\^`{|}\t"
              "äßñ€漢字😀\u0301")
ENDPOINTS = ["https://s3.example.com", "https://s3.example.com:9000",
             "https://[2001:db8::1]:9000", "https://s3.example.com/prefix"]
TOKENS = [None, "FwoGZXIvYXdzEBYaDH+/==", "tok-en%25&="]


def random_key(rng):
    while True:
        key = "".join(rng.choice(CHARACTERS)
                      for _ in range(rng.randint(1, 60)))
        # boto3 itself strips leading slashes.
        if not key.startswith("/"):
            return key


class Case:
    """One combination of settings, shared by several keys."""

    def __init__(self, rng, number):
        self.scheme = ("sigv4", "sigv2")[number % 2]
        self.endpoint = rng.choice(ENDPOINTS)
        self.token = rng.choice(TOKENS)
        self.style = ("path" if "[" in self.endpoint
                      else rng.choice(("path", "virtual")))
        self.region = rng.choice(("us-east-1", "eu-central-1"))
        self.at = rng.randint(1_000_000_000, 4_000_000_000)
        self.expires = rng.randint(1, 604800 if self.scheme == "sigv4"
                                   else 365 * 86400)
        self.access = "AKIA/+" + "".join(
            rng.choice("ABCDEFGH123") for _ in range(12))
        self.secret = "".join(rng.choice("abc/+=DEF012") for _ in range(40))
        self.keys = [random_key(rng) for _ in range(10)]
        self.version = rng.choice((None, "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY/="))

    def environment(self):
        env = {"PATH": os.environ["PATH"],
               "MINIO_ENDPOINT_URL": self.endpoint,
               "MINIO_ACCESS_KEY": self.access,
               "MINIO_SECRET_KEY": self.secret,
               "MINIO_BUCKET_NAME": "the-reports",
               "MINIO_REGION": self.region,
               "RW_S3_STYLE": self.style}
        if self.token is not None:
            env["MINIO_SESSION_TOKEN"] = self.token
        return env

    def records(self):
        for key in self.keys:
            record = {"follower_id": "f", "report_period": "2025-06",
                      "pdf_key": key, "excel_key": key + "x"}
            if self.version is not None:
                record["pdf_version_id"] = self.version
            yield record

    def ours(self, tool):
        at = datetime.datetime.fromtimestamp(self.at, datetime.timezone.utc)
        done = subprocess.run(
            [tool, "--scheme", self.scheme, "--expires", str(self.expires),
             "--at", at.strftime("%Y-%m-%dT%H:%M:%SZ")],
            input="".join(json.dumps(r) + "\n" for r in self.records()),
            env=self.environment(), text=True, check=True,
            stdout=subprocess.PIPE)
        for line in done.stdout.splitlines():
            record = json.loads(line)
            yield record["pdf_url"]
            yield record["excel_url"]

    def theirs(self):
        client = boto3.client(
            "s3", endpoint_url=self.endpoint, region_name=self.region,
            aws_access_key_id=self.access,
            aws_secret_access_key=self.secret,
            aws_session_token=self.token,
            config=Config(
                signature_version={"sigv4": "s3v4", "sigv2": "s3"}[self.scheme],
                s3={"addressing_style": self.style}))
        at = self.at

        class Clock(datetime.datetime):
            @classmethod
            def utcnow(cls):
                return datetime.datetime.utcfromtimestamp(at)

        with mock.patch("botocore.auth.time.time", return_value=at), \
                mock.patch("botocore.auth.datetime.datetime", Clock):
            for record in self.records():
                for kind, suffix in (("pdf", "pdf"), ("excel", "xlsx")):
                    params = {"Bucket": "the-reports",
                              "Key": record[kind + "_key"],
                              "ResponseContentDisposition":
                                  'attachment; filename='
                                  f'"SpreadPilot_Report_2025-06.{suffix}"'}
                    if kind + "_version_id" in record:
                        params["VersionId"] = record[kind + "_version_id"]
                    yield client.generate_presigned_url(
                        "get_object", Params=params, ExpiresIn=self.expires)


def main():
    tool = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(os.environ.get("RW_TEST_SEED", random.randrange(1 << 30)))
    rng = random.Random(seed)
    compared = different = number = 0
    while compared < count:
        case = Case(rng, number)
        number += 1
        for ours, theirs in zip(case.ours(tool), case.theirs(), strict=True):
            compared += 1
            if ours != theirs:
                different += 1
                if different <= 5:
                    print(f"ours:   {ours}\ntheirs: {theirs}")
    print(f"{compared} links compared, {different} different "
          f"(RW_TEST_SEED={seed})")
    sys.exit(1 if different or not compared else 0)


main()
