"""A bot of Python's standard library: it verifies signatures, marks messages as read and repeats texts."""

import hashlib
import hmac
import json
import os
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Bot(BaseHTTPRequestHandler):
    """The settings are those of the server."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        right = query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == self.env["WHATSAPP_VERIFY_TOKEN"]
        self.respond(200 if right else 403, query.get("hub.challenge", "") if right else "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        expected = "sha256=" + hmac.new(self.env["WHATSAPP_APP_SECRET"].encode(), body, hashlib.sha256).hexdigest()
        signature = self.headers.get("x-hub-signature-256", "")
        if not hmac.compare_digest(expected.encode(), signature.encode("latin-1")):
            return self.respond(401)
        self.respond(200)
        for entry in json.loads(body)["entry"]:
            for change in entry["changes"]:
                for message in change["value"].get("messages", []):
                    self.answer(message)

    def answer(self, message):
        self.send({"status": "read", "message_id": message["id"]})
        if message["type"] == "text":
            text = "You said: " + message["text"]["body"]
            self.send({"to": message.get("from"), "type": "text", "text": {"body": text}})

    def send(self, message):
        if "GRAPH_API_URL" not in self.env:
            return
        url = f"{self.env['GRAPH_API_URL']}/v25.0/{self.env['WHATSAPP_PHONE_NUMBER_ID']}/messages"
        headers = {"authorization": "Bearer " + self.env["WHATSAPP_ACCESS_TOKEN"], "content-type": "application/json"}
        data = json.dumps({"messaging_product": "whatsapp", **message}).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(urllib.request.Request(url, data, headers)).close()
        except urllib.error.HTTPError:
            pass

    @property
    def env(self):
        return self.server.env

    def respond(self, status, text=""):
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class BotServer(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    env: dict


if __name__ == "__main__":
    with BotServer(("127.0.0.1", int(os.environ["PORT"])), Bot) as server:
        server.env = os.environ
        server.serve_forever()
