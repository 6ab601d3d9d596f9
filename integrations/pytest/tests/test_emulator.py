"""The emulator as a fixture, with a bot in this process."""

import hashlib
import hmac
import json
import re
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pytest_wa_hook import WaHookError


class Bot(BaseHTTPRequestHandler):
    """Marks messages as read and repeats texts; the settings are those of the server."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        env = self.server.env
        expected = "sha256=" + hmac.new(env["WHATSAPP_APP_SECRET"].encode(), body, hashlib.sha256).hexdigest()
        self.send_response(200 if hmac.compare_digest(expected, self.headers["x-hub-signature-256"]) else 401)
        self.end_headers()
        for entry in json.loads(body)["entry"]:
            for change in entry["changes"]:
                for message in change["value"].get("messages", []):
                    self.send({"status": "read", "message_id": message["id"]})
                    if message["type"] == "text":
                        text = "You said: " + message["text"]["body"]
                        self.send({"to": message["from"], "type": "text", "text": {"body": text}})

    def send(self, message):
        env = self.server.env
        url = f"{env['GRAPH_API_URL']}/v25.0/{env['WHATSAPP_PHONE_NUMBER_ID']}/messages"
        headers = {"authorization": "Bearer " + env["WHATSAPP_ACCESS_TOKEN"], "content-type": "application/json"}
        data = json.dumps({"messaging_product": "whatsapp", **message}).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(urllib.request.Request(url, data, headers)).close()
        except urllib.error.HTTPError:
            pass

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Bot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="session")
def wa_hook_webhook(server):
    return f"http://127.0.0.1:{server.server_port}/webhook"


@pytest.fixture
def emulator(wa_hook_emulator, server):
    server.env = wa_hook_emulator.env
    wa_hook_emulator.reset()
    return wa_hook_emulator


def test_a_text_is_answered_and_marked_as_read(emulator):
    received = emulator.receive("Hello")
    message = emulator.wait_for_text("You said: Hello", to="+1 650 555-1234")
    assert message["type"] == "text"
    assert emulator.read(received["id"])
    assert not emulator.read("wamid.another")
    assert [sent["text"]["body"] for sent in emulator.sent()] == ["You said: Hello"]


def test_a_pattern_and_a_predicate_find_a_message(emulator):
    emulator.receive("Good morning", name="Ana")
    assert emulator.wait_for_text(re.compile("morning$")) == emulator.wait_for(lambda sent: "text" in sent)


def test_what_is_not_sent_fails_with_what_was_sent_instead(emulator):
    emulator.receive("Hello")
    emulator.wait_for_text("You said: Hello")
    with pytest.raises(AssertionError) as failure:
        emulator.wait_for_text("Goodbye", to="16505551234", within=0.1)
    assert str(failure.value).startswith('expected a text "Goodbye" to 16505551234 within 0.1 s\n\nThe bot sent:\n')
    assert "You said: Hello" in str(failure.value)


def test_a_refused_message_is_not_sent_and_its_reason_is_shown(emulator):
    emulator.control("fail", {"code": 131056, "times": 2})  # the read receipt and the text
    emulator.receive("Hello")
    with pytest.raises(AssertionError, match="The API refused:\n.*131056"):
        emulator.wait_for_text("You said: Hello", within=0.5)
    assert emulator.sent() == []


def test_a_silent_bot_is_reported(emulator):
    with pytest.raises(AssertionError, match="no request reached the emulator"):
        emulator.wait_for_text("Hello", within=0)


def test_a_wrong_request_to_the_emulator_says_why(emulator):
    with pytest.raises(WaHookError, match="fail: .*code"):
        emulator.control("fail", {"code": "none"})
