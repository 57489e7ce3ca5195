#!/bin/sh
# Envelope encryption with the AWS CLI and openssl: aws-cli.sh ENDPOINT
# Start a KMS first: bongtu kms start --memory
# It checks no signatures, but the AWS CLI needs a Region and credentials to sign with: AWS_DEFAULT_REGION=us-east-1
# AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any, or those of `bongtu kms credentials` for a KMS on a data folder.
set -eu
endpoint=$1
kms() { aws --endpoint-url "$endpoint" --output text kms "$@"; }
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

key=$(kms create-key --description 'files' --query KeyMetadata.KeyId)
kms create-alias --alias-name alias/files --target-key-id "$key"
kms enable-key-rotation --key-id "$key"

# A data key: in clear for openssl, and under the KMS key to be kept beside the file.
set -- $(kms generate-data-key --key-id alias/files --key-spec AES_256 --encryption-context file=report \
  --query '[Plaintext,CiphertextBlob]')
printf %s "$2" | base64 -d >"$folder/report.key"
echo 'all is well' | DATA_KEY=$1 openssl enc -aes-256-cbc -pbkdf2 -pass env:DATA_KEY -out "$folder/report.enc"
set --

plaintext=$(kms decrypt --ciphertext-blob "fileb://$folder/report.key" --encryption-context file=report --query Plaintext)
DATA_KEY=$plaintext openssl enc -d -aes-256-cbc -pbkdf2 -pass env:DATA_KEY -in "$folder/report.enc"
kms schedule-key-deletion --key-id "$key" --pending-window-in-days 7 --query KeyState
