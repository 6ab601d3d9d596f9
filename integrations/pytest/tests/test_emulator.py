"""The emulator as a fixture, with a bot in this process."""

import re
import threading

import pytest
from bot import Bot, BotServer

from pytest_wa_hook import WaHookError


@pytest.fixture(scope="session")
def server():
    with BotServer(("127.0.0.1", 0), Bot) as server:
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
