"""Drives a KMS as an application does: python3 boto3-program.py ENDPOINT"""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

kms = boto3.client("kms", endpoint_url=sys.argv[1], config=Config(retries={"max_attempts": 0}))


def failure(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "success"


key = kms.create_key(Description="by boto3")["KeyMetadata"]
other = kms.create_key()["KeyMetadata"]
key_id = key["KeyId"]
kms.create_alias(AliasName="alias/boto3", TargetKeyId=key_id)
kms.enable_key_rotation(KeyId=key_id)

context = {"tenant": "acme"}
made = kms.generate_data_key(KeyId="alias/boto3", KeySpec="AES_256", EncryptionContext=context)
nonce = os.urandom(12)
sealed = AESGCM(made["Plaintext"]).encrypt(nonce, b"a local text", None)
opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
assert opened["KeyId"] == key["Arn"]
assert AESGCM(opened["Plaintext"]).decrypt(nonce, sealed, None) == b"a local text"
print("data key: the ciphertext opened")

policy = json.dumps({
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
        {
            "Sid": "another account, through a service",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::444455556666:role/Worker"},
            "Action": ["kms:Decrypt", "kms:CreateGrant"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com", "kms:CallerAccount": "444455556666"}
            },
        },
    ],
})
kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=policy)
assert kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"] == policy
print("policy: came back as it was put")

for n in range(7):
    kms.create_alias(AliasName=f"alias/page-{n}", TargetKeyId=other["KeyId"])
pages = kms.get_paginator("list_aliases").paginate(KeyId=other["KeyId"], PaginationConfig={"PageSize": 3})
names = [alias["AliasName"] for page in pages for alias in page["Aliases"]]
assert names == [f"alias/page-{n}" for n in range(7)]
print("aliases: the paginator found them all")

grants = [grant for page in kms.get_paginator("list_grants").paginate(KeyId=key_id) for grant in page["Grants"]]
assert grants == [] and kms.list_retirable_grants(RetiringPrincipal="arn:aws:iam::111122223333:root")["Grants"] == []
print("grants: there are no grants")

blob = made["CiphertextBlob"]
errors = [
    failure(kms.decrypt, CiphertextBlob=blob, EncryptionContext=context, KeyId=other["KeyId"]),
    failure(kms.decrypt, CiphertextBlob=blob),
    failure(kms.describe_key, KeyId="alias/none"),
]
kms.disable_key(KeyId=key["Arn"])
errors.append(failure(kms.encrypt, KeyId=key_id, Plaintext=b"x"))
kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
errors.append(failure(kms.enable_key, KeyId=key_id))
print("errors:", *errors)

kms.cancel_key_deletion(KeyId=key_id)
assert kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "Disabled"
print("deletion: cancelled")
