"""Encrypts a value as a MongoDB driver does: libmongocrypt makes the requests, and this script carries them over TLS.

Usage: libmongocrypt.py HOST:PORT CA-FILE KEY-ARN ACCESS-KEY-ID SECRET-ACCESS-KEY
Creates a data key under the KMS key, encrypts a value by it, and decrypts the value in a second client.
Prints one line of JSON.
"""
import ctypes
import json
import socket
import ssl
import struct
import sys

# States of a context (mongocrypt.h).
NEED_KEYS, NEED_KMS, READY = 3, 4, 5
ALGORITHM = b"AEAD_AES_256_CBC_HMAC_SHA_512-Random"

lib = ctypes.CDLL("libmongocrypt.so.0")
for name in ("mongocrypt_new", "mongocrypt_ctx_new", "mongocrypt_ctx_next_kms_ctx", "mongocrypt_binary_new",
             "mongocrypt_binary_new_from_data", "mongocrypt_binary_data", "mongocrypt_status_new"):
    getattr(lib, name).restype = ctypes.c_void_p
for name in ("mongocrypt_binary_len", "mongocrypt_kms_ctx_bytes_needed"):
    getattr(lib, name).restype = ctypes.c_uint32
lib.mongocrypt_status_message.restype = ctypes.c_char_p
for name in ("setopt_kms_providers", "init", "ctx_setopt_key_encryption_key", "ctx_setopt_key_id", "ctx_setopt_algorithm",
             "ctx_datakey_init", "ctx_explicit_encrypt_init", "ctx_explicit_decrypt_init", "ctx_mongo_feed", "ctx_mongo_done",
             "ctx_kms_done", "ctx_finalize", "kms_ctx_message", "kms_ctx_feed"):
    getattr(lib, "mongocrypt_" + name).restype = ctypes.c_bool


def pointer(value):
    return ctypes.c_void_p(value)


# BSON (bsonspec.org): only what the calls below need.
def document(**members):
    body = b"".join(element(name, value) for name, value in members.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def element(name, value):
    key = name.encode() + b"\0"
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return b"\x02" + key + struct.pack("<i", len(text)) + text
    return b"\x03" + key + value


def member(bson, name):
    """The type and the bytes of a member of a document that holds text, binary data and dates at most."""
    at = 4
    while bson[at] != 0:
        kind, end = bson[at], bson.index(0, at + 1)
        found, start = bson[at + 1:end].decode(), end + 1
        (length,) = struct.unpack_from("<i", bson, start)
        size = {0x02: 4 + length, 0x03: length, 0x05: 5 + length, 0x09: 8, 0x10: 4}[kind]
        if found == name:
            return kind, bson[start:start + size]
        at = start + size
    raise KeyError(name)


class Binary:
    """Bytes as libmongocrypt takes them; they live as long as this object."""

    def __init__(self, data=None):
        self.data = data
        self.buffer = None if data is None else ctypes.create_string_buffer(data, len(data))
        made = lib.mongocrypt_binary_new() if data is None else lib.mongocrypt_binary_new_from_data(
            self.buffer, ctypes.c_uint32(len(data)))
        self.handle = pointer(made)

    def value(self):
        length = lib.mongocrypt_binary_len(self.handle)
        return ctypes.string_at(pointer(lib.mongocrypt_binary_data(self.handle)), length)


def failure(of, handle):
    status = pointer(lib.mongocrypt_status_new())
    of(handle, status)
    return RuntimeError(lib.mongocrypt_status_message(status, None).decode())


class Client:
    def __init__(self, address, authority, access_key_id, secret):
        self.address, self.authority, self.kept, self.headers = address, authority, [], []
        self.crypt = pointer(lib.mongocrypt_new())
        providers = document(aws=document(accessKeyId=access_key_id, secretAccessKey=secret))
        self.ok(lib.mongocrypt_setopt_kms_providers(self.crypt, self.binary(providers)))
        self.ok(lib.mongocrypt_init(self.crypt))

    def ok(self, answer):
        if not answer:
            raise failure(lib.mongocrypt_status, self.crypt)

    def binary(self, data=None):
        binary = Binary(data)
        self.kept.append(binary)
        return binary.handle

    def run(self, start, stored_key=None):
        """Starts a context and does what it asks for, up to its result."""
        context = pointer(lib.mongocrypt_ctx_new(self.crypt))

        def ok(answer):
            if not answer:
                raise failure(lib.mongocrypt_ctx_status, context)

        start(context, ok)
        while True:
            state = lib.mongocrypt_ctx_state(context)
            if state == NEED_KEYS:
                ok(lib.mongocrypt_ctx_mongo_feed(context, self.binary(stored_key)))
                ok(lib.mongocrypt_ctx_mongo_done(context))
            elif state == NEED_KMS:
                while request := lib.mongocrypt_ctx_next_kms_ctx(context):
                    self.ask(pointer(request))
                ok(lib.mongocrypt_ctx_kms_done(context))
            elif state == READY:
                result = Binary()
                ok(lib.mongocrypt_ctx_finalize(context, result.handle))
                value = result.value()
                lib.mongocrypt_ctx_destroy(context)
                return value
            else:
                raise failure(lib.mongocrypt_ctx_status, context)

    def ask(self, request):
        message = Binary()
        if not lib.mongocrypt_kms_ctx_message(request, message.handle):
            raise failure(lib.mongocrypt_kms_ctx_status, request)
        host, port = self.address.split(":")
        trust = ssl.create_default_context(cafile=self.authority)
        with socket.create_connection((host, int(port))) as plain, trust.wrap_socket(plain, server_hostname=host) as tls:
            tls.sendall(message.value())
            while needed := lib.mongocrypt_kms_ctx_bytes_needed(request):
                received = tls.recv(needed)
                if not received:
                    raise RuntimeError("the server closed the connection before its answer was whole")
                if not lib.mongocrypt_kms_ctx_feed(request, self.binary(received)):
                    raise failure(lib.mongocrypt_kms_ctx_status, request)


def main(address, authority, key_arn, access_key_id, secret):
    region = key_arn.split(":")[3]
    key = document(provider="aws", region=region, key=key_arn, endpoint=address)

    def create(context, ok):
        ok(lib.mongocrypt_ctx_setopt_key_encryption_key(context, writer.binary(key)))
        ok(lib.mongocrypt_ctx_datakey_init(context))

    writer = Client(address, authority, access_key_id, secret)
    stored_key = writer.run(create)
    (kind, identifier) = member(stored_key, "_id")

    def encrypt(context, ok):
        ok(lib.mongocrypt_ctx_setopt_key_id(context, writer.binary(identifier[5:])))
        ok(lib.mongocrypt_ctx_setopt_algorithm(context, ALGORITHM, ctypes.c_int(-1)))
        ok(lib.mongocrypt_ctx_explicit_encrypt_init(context, writer.binary(document(v="a value"))))

    encrypted = writer.run(encrypt, stored_key)

    def decrypt(context, ok):
        ok(lib.mongocrypt_ctx_explicit_decrypt_init(context, reader.binary(encrypted)))

    reader = Client(address, authority, access_key_id, secret)
    opened = reader.run(decrypt, stored_key)
    print(json.dumps({
        "dataKeyIdType": kind,
        "encryptedType": member(encrypted, "v")[0],
        "holdsPlaintext": b"a value" in encrypted,
        "opened": member(opened, "v")[1][4:-1].decode(),
    }))


main(*sys.argv[1:])
