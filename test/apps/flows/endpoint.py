"""The endpoint of a Flow in Python with the package cryptography, written after the steps of Meta's guide.

The path is the mistake that it makes: POST /mgf1-sha1 decrypts the AES key with SHA-1 for MGF1, and POST / is correct.
Settings: PORT, WHATSAPP_APP_SECRET, FLOW_PRIVATE_KEY (PEM), FLOW_PASSPHRASE.
"""

import base64
import hashlib
import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SECRET = os.environ["WHATSAPP_APP_SECRET"].encode()
PASSPHRASE = os.environ.get("FLOW_PASSPHRASE", "").encode() or None
KEY = load_pem_private_key(os.environ["FLOW_PRIVATE_KEY"].encode(), PASSPHRASE)
TAG = 16


class Status(Exception):
    """An error that is an HTTP status."""


def flipped(iv):
    return bytes(byte ^ 0xFF for byte in iv)


def verify(body, header, mistake):
    if mistake == "signature-not-checked":
        return
    if mistake == "signature-parsed-body":
        body = json.dumps(json.loads(body), separators=(",", ":")).encode()
    digest = hashlib.sha1 if mistake == "signature-sha1" else hashlib.sha256
    expected = "sha256=" + hmac.new(SECRET, body, digest).hexdigest()
    if not hmac.compare_digest(expected, header):
        raise Status(432)


def unwrap(wrapped, mistake):
    if mistake == "pkcs1-padding":
        return KEY.decrypt(wrapped, padding.PKCS1v15())
    mgf = hashes.SHA1() if mistake in ("mgf1-sha1", "oaep-sha1") else hashes.SHA256()
    digest = hashes.SHA1() if mistake == "oaep-sha1" else hashes.SHA256()
    return KEY.decrypt(wrapped, padding.OAEP(mgf=padding.MGF1(mgf), algorithm=digest, label=None))


def decrypt(request, mistake):
    data, wrapped, iv = (
        base64.b64decode(request[name]) for name in ("encrypted_flow_data", "encrypted_aes_key", "initial_vector")
    )
    try:
        key = unwrap(wrapped, mistake)
        sealed, tag = (data[TAG:], data[:TAG]) if mistake == "request-tag-first" else (data[:-TAG], data[-TAG:])
        decryptor = Cipher(algorithms.AES(key), modes.GCM(iv, None if mistake == "tag-not-checked" else tag)).decryptor()
        text = decryptor.update(sealed)
        if mistake != "tag-not-checked":
            text += decryptor.finalize()
        return json.loads(text), key, iv
    except Exception as error:
        raise Status(500 if mistake == "no-421" else 421) from error


def encrypt(response, key, iv, mistake):
    text = (str(response) if mistake == "not-json" else json.dumps(response)).encode()
    if mistake == "json":
        return text
    if mistake == "cbc":
        padder = PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        padded = padder.update(text) + padder.finalize()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize())
    used = iv if mistake == "iv-not-flipped" else os.urandom(12) if mistake == "iv-own" else flipped(iv)
    encryptor = Cipher(algorithms.AES(key), modes.GCM(used)).encryptor()
    sealed = encryptor.update(text) + encryptor.finalize()
    if mistake == "iv-own":
        sealed = used + sealed
    if mistake != "tag-missing":
        sealed += encryptor.tag
    return base64.encodebytes(sealed) if mistake == "base64-lines" else base64.b64encode(sealed)


def respond(flow, mistake):
    action, data, token = flow["action"], flow.get("data") or {}, flow.get("flow_token")
    if action == "ping":
        return {} if mistake == "no-ping" else {"data": {"status": "active"}}
    if "error" in data:
        return {"data": {"acknowledged": True}}
    if token == "expired-token" and mistake != "no-427":
        raise Status(427)
    if action in ("INIT", "BACK"):
        return {"screen": "START", "data": {"name": "Ünal 👋"}}
    if action != "data_exchange":
        return {"data": {}}
    if flow.get("screen") == "START":
        return {"screen": "CONFIRM", "data": data}
    return {"screen": "SUCCESS", "data": {"extension_message_response": {"params": {"flow_token": token}}}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        mistake = self.path[1:]
        body = self.rfile.read(int(self.headers["content-length"]))
        status, answer = 200, b""
        try:
            verify(body, self.headers.get("x-hub-signature-256", ""), mistake)
            flow, key, iv = decrypt(json.loads(body), mistake)
            answer = encrypt(respond(flow, mistake), key, iv, mistake)
        except Status as error:
            status = error.args[0]
        self.send_response(status)
        self.send_header("content-type", "text/plain")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Handler)
print(f"listening on http://127.0.0.1:{server.server_address[1]}/", flush=True)
server.serve_forever()
