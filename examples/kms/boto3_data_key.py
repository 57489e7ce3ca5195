"""Envelope encryption with boto3: boto3_data_key.py ENDPOINT

Start a KMS first: bongtu kms start --memory
It checks no signatures, but boto3 needs a Region and credentials to sign with: AWS_DEFAULT_REGION=us-east-1
AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any, or those of `bongtu kms credentials` for a KMS on a data folder.
"""

import os
import sys

import boto3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

kms = boto3.client("kms", endpoint_url=sys.argv[1])
key_id = kms.create_key(Description="fields")["KeyMetadata"]["KeyId"]
context = {"table": "patients"}

# One data key for this record: used in clear, kept as the KMS wrapped it.
data_key = kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", EncryptionContext=context)
nonce = os.urandom(12)
record = {
    "diagnosis": AESGCM(data_key["Plaintext"]).encrypt(nonce, b"fractured wrist", None),
    "nonce": nonce,
    "key": data_key["CiphertextBlob"],
}
del data_key

opened = kms.decrypt(CiphertextBlob=record["key"], EncryptionContext=context)
print(AESGCM(opened["Plaintext"]).decrypt(record["nonce"], record["diagnosis"], None).decode())
