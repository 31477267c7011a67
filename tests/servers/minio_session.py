"""Keys of a session restricted by a policy: minio_session.py URL ACCESS SECRET
POLICY-FILE prints access key, secret key and session token."""

import sys

try:
    import boto3
except ImportError:
    sys.stderr.write("python3-boto3 is not installed\n")
    raise SystemExit(77)

url, access, secret, policy = sys.argv[1:]
sts = boto3.client("sts", endpoint_url=url, region_name="us-east-1",
                   aws_access_key_id=access, aws_secret_access_key=secret)
with open(policy, encoding="utf-8") as file:
    keys = sts.assume_role(RoleArn="arn:xxx:xxx:xxx:xxxx",
                           RoleSessionName="test",
                           Policy=file.read())["Credentials"]
print(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
