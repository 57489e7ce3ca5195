#!/usr/bin/env bash
# The foreign judges that tests ask: AWS's own command line and SDK, MongoDB's libmongocrypt, OpenSSL, PKCS#11 tokens and the
# tools that read them, and a compiler for PKCS#11 modules that misbehave.
# Installs them from Debian's packages where one is missing and this user may; elsewhere it says what to install.
set -euo pipefail

packages=(awscli python3-boto3 python3-cryptography libmongocrypt0 curl jq iproute2 util-linux openssl softhsm2 opensc libnss3 libnss3-tools gcc libc6-dev)

all_here() {
  local name
  for name in aws curl jq openssl softhsm2-util pkcs11-tool certutil gcc; do [ -x "/usr/bin/$name" ] || return; done
  /usr/bin/python3 -c 'import boto3, cryptography, ctypes; ctypes.CDLL("libmongocrypt.so.0")'
}

if all_here >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
else
  echo "Some tests need programs that are not here, and say so. On Debian: sudo apt-get install ${packages[*]}" >&2
fi
