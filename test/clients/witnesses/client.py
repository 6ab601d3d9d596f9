"""A client as users of requests (or httpx, which takes the same calls) write one. Reads a request per line, prints the response's body."""
import base64
import hashlib
import hmac
import json
import mimetypes
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlparse

try:
    import requests as http
except ImportError:
    import httpx as http

VERSION = "v25.0"


class App(BaseHTTPRequestHandler):
    """A webhook as users of a web framework write it."""

    seen = []
    secret = ""
    verify_token = ""

    def do_GET(self):
        query = {name: values[0] for name, values in parse_qs(urlparse(self.path).query).items()}
        known = query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == App.verify_token
        self.respond(200 if known else 403, query.get("hub.challenge", "") if known else "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        expected = "sha256=" + hmac.new(App.secret.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(self.headers.get("X-Hub-Signature-256", ""), expected):
            return self.respond(401, "")
        for entry in json.loads(body)["entry"]:
            for change in entry["changes"]:
                self.read(change["value"])
        self.respond(200, "")

    def read(self, value):
        names = {contact["wa_id"]: contact["profile"]["name"] for contact in value.get("contacts", [])}
        for message in value.get("messages", []):
            sender, image = message["from"], message.get("image")
            text = image.get("caption") if image else message["text"]["body"]
            found = {"message": message["id"], "text": text, "from": sender, "name": names[sender]}
            App.seen.append({**found, "fileId": image["id"]} if image else found)
        for status in value.get("statuses", []):
            App.seen.append({"status": status["status"], "of": status["id"], "to": status["recipient_id"]})

    def respond(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def serve(secret, verify_token):
    App.secret, App.verify_token = secret, verify_token
    server = HTTPServer(("127.0.0.1", 0), App)
    Thread(target=server.serve_forever, daemon=True).start()
    return {"port": server.server_port}


def message(to, kind, content, **more):
    return {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": kind, kind: content, **more}


def body_of(what, to, argument):
    # Python's None becomes null in JSON.
    if what == "text":
        return message(to, "text", {"preview_url": None, "body": "Hello"})
    if what == "reply":
        return message(to, "text", {"preview_url": False, "body": "Yes"}, context={"message_id": argument})
    if what == "image.link":
        return message(to, "image", {"link": "https://example.com/door.png", "caption": None})
    if what == "document.link":
        return message(to, "document", {"link": "https://example.com/door.pdf", "caption": "", "filename": None})
    if what == "location":
        return message(to, "location", {"latitude": "52.5163", "longitude": "13.3777", "name": None, "address": None})
    if what == "contacts":
        name = {"formatted_name": "Test Contact", "first_name": "Test"}
        return message(to, "contacts", [{"name": name, "phones": [{"phone": "+16505550100", "type": "WORK", "wa_id": None}]}])
    if what == "reaction":
        return message(to, "reaction", {"message_id": argument, "emoji": "\U0001F44D"})
    if what == "template":
        return message(to, "template", {"name": "hello_world", "language": {"code": "en_US"}, "components": []})
    if what == "template.parameters":
        words = [{"type": "text", "text": "Sheena"}, {"type": "text", "text": "10:30"}]
        parts = [{"type": "BODY", "parameters": words}]
        return message(to, "template", {"name": "appointment_reminder", "language": {"code": "en_US"}, "components": parts})
    return message(to, "interactive", interactive(what))


def interactive(what):
    shown = {"type": what, "header": None, "body": {"text": "Which?"}, "footer": {"text": ""}}
    if what == "button":
        return {**shown, "action": {"buttons": [{"type": "reply", "reply": {"id": "yes", "title": "Yes"}}]}}
    if what == "list":
        rows = [{"id": "green", "title": "Green", "description": ""}, {"id": "black", "title": "Black", "description": None}]
        return {**shown, "action": {"button": "Choose", "sections": [{"title": "Tea", "rows": rows}]}}
    parameters = {"display_text": "Show", "url": "https://example.com/t/17"}
    return {**shown, "action": {"name": "cta_url", "parameters": parameters}}


def ask(what, url, token, phone, account, to, argument):
    graph = f"{url}/{VERSION}"
    headers = {"Authorization": f"Bearer {token}"}
    if what == "upload":
        with open(argument, "rb") as file:
            kind = mimetypes.guess_type(argument)[0]
            files = {"file": ("door.png", file, kind)}
            data = {"messaging_product": "whatsapp", "type": kind}
            return http.post(f"{graph}/{phone}/media", headers=headers, data=data, files=files)
    if what == "read":
        data = {"messaging_product": "whatsapp", "status": "read", "message_id": argument}
        return http.post(f"{graph}/{phone}/messages", headers={**headers, "Content-Type": "application/json"}, data=json.dumps(data))
    if what == "look":
        return http.get(f"{graph}/{argument}", headers=headers, params={"phone_number_id": phone})
    if what == "download":
        return http.get(argument, headers=headers)
    if what == "delete":
        return http.delete(f"{graph}/{argument}/", headers=headers)
    if what == "phone":
        return http.get(f"{graph}/{phone}", params={"access_token": token, "fields": "id,verified_name,quality_rating"})
    if what == "profile":
        return http.get(f"{graph}/{phone}/whatsapp_business_profile", headers=headers, params={"fields": "about,messaging_product"})
    if what == "templates":
        return http.get(f"{graph}/{account}/message_templates", headers=headers, params={"limit": 1, "status": "APPROVED"})
    return http.post(f"{graph}/{phone}/messages", headers=headers, json=body_of(what, to, argument))


for line in sys.stdin:
    what, *fields = line.rstrip("\n").split("\t")
    if what in ("serve", "seen"):
        print(json.dumps(serve(*fields) if what == "serve" else {"seen": App.seen}), flush=True)
        App.seen = []
        continue
    response = ask(what, *fields)
    print(base64.b64encode(response.content).decode() if what == "download" else response.text, flush=True)
