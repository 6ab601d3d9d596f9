"""The findings of `wa-hook check` as test cases, with a bot in a process of its own."""

import shlex
import socket
import sys
from pathlib import Path

import pytest

from pytest_wa_hook import WaHookError, check, webhook_contract

BOT = Path(__file__).with_name("bot.py")
SECRET, VERIFY_TOKEN = "test-app-secret", "test-verify-token"


def start_on(port, secret=SECRET):
    settings = f"PORT={port} WHATSAPP_APP_SECRET={secret} WHATSAPP_VERIFY_TOKEN={VERIFY_TOKEN}"
    return f"env {settings} {shlex.quote(sys.executable)} {shlex.quote(str(BOT))}"


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


PORT = free_port()

test_webhook = webhook_contract(
    f"http://127.0.0.1:{PORT}/webhook", secret=SECRET, verify_token=VERIFY_TOKEN, start=start_on(PORT)
)


def test_each_finding_is_a_case_named_by_its_title():
    (mark,) = test_webhook.pytestmark
    assert {"Valid signature", "Wrong verify token", "3 MB"} <= set(mark.kwargs["ids"])
    assert len(mark.args[1]) > 30


def test_a_wrong_secret_is_a_failure_with_its_fix():
    port = free_port()
    findings = check(f"http://127.0.0.1:{port}/webhook", SECRET, VERIFY_TOKEN, start=start_on(port, "another"))
    failed = [finding for finding in findings if finding.status == "fail"]
    assert [finding.title for finding in failed] == ["Valid signature"]
    with pytest.raises(pytest.fail.Exception, match="expected .*, got 401(.|\n)*fix: "):
        failed[0].verify()
    skipped = next(finding for finding in findings if finding.status == "skip")
    with pytest.raises(pytest.skip.Exception, match="not checked"):
        skipped.verify()


def test_an_endpoint_that_is_down_is_an_error():
    with pytest.raises(WaHookError, match="127.0.0.1|no response|refused"):
        check(f"http://127.0.0.1:{free_port()}/webhook", SECRET, VERIFY_TOKEN)
