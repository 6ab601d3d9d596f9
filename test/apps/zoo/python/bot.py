"""What the Python receivers share: the right handshake, the right signature check, and a bot that replies to each text once."""
import hashlib
import hmac
import json
import os
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

APP_SECRET = os.environ["WHATSAPP_APP_SECRET"]
VERIFY_TOKEN = os.environ["WHATSAPP_VERIFY_TOKEN"]
LIMIT = 4 * 1024 * 1024  # Meta's deliveries have up to 3 MB.

direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
seen = set()
lock = threading.Lock()


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # Meta delivers concurrently.
    daemon_threads = True


class Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def challenge(self):
        """What to respond to the handshake with; None when the verify token is not ours."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        ours = query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == VERIFY_TOKEN
        return query.get("hub.challenge") if ours else None

    def body(self):
        return self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LIMIT))

    def signature(self):
        """A repeated header is one value with a comma in it (RFC 9110), and so no signature."""
        return ", ".join(self.headers.get_all("X-Hub-Signature-256", []))

    def respond(self, status, text=""):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


def sign(body, key=APP_SECRET):
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body, header):
    return hmac.compare_digest(header.encode(), sign(body).encode())


def answer(body):
    """Replies to the new messages of a delivery, after it was acknowledged."""
    threading.Thread(target=answer_all, args=(messages_in(json.loads(body)),), daemon=True).start()


def answer_all(messages):
    for message in messages:
        with lock:
            known = message["id"] in seen
            seen.add(message["id"])
        if not known:
            reply(message)


def messages_in(payload):
    """The customers' messages of all entries and changes."""
    changes = [change for entry in payload.get("entry", []) for change in entry.get("changes", [])]
    values = [change["value"] for change in changes if change["field"] == "messages"]
    return [message for value in values for message in value.get("messages", [])]


def reply(message):
    """Marks a message as read, and replies when it is a text."""
    send({"status": "read", "message_id": message["id"]})
    text = message.get("text", {}).get("body")
    if message["type"] != "text" or text is None:
        return
    # A customer who hides the number behind a username has a user id only.
    recipient = {"to": message["from"]} if "from" in message else {"recipient": message["from_user_id"]}
    send({**recipient, "type": "text", "text": {"body": f"You wrote: {text[:4000]}"}})


def send(message):
    graph = os.environ.get("GRAPH_API_URL")
    if not graph:
        return
    version = os.environ.get("GRAPH_API_VERSION", "v25.0")
    url = f"{graph}/{version}/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
    headers = {"Authorization": f"Bearer {os.environ['WHATSAPP_ACCESS_TOKEN']}", "Content-Type": "application/json"}
    data = json.dumps({"messaging_product": "whatsapp", **message}).encode()
    try:
        direct.open(urllib.request.Request(url, data, headers)).close()
    except OSError as error:
        print(error, file=sys.stderr)


def serve(handler):
    server = Server(("127.0.0.1", int(os.environ.get("PORT", "3000"))), handler)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}/webhook", flush=True)
    server.serve_forever()
