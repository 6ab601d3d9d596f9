"""Tests WhatsApp Cloud API bots with wa-hook: an emulator of the Graph API as a fixture, and the checks of a webhook as test cases."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
import warnings
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Sequence

import pytest

__all__ = ["Emulator", "Finding", "WaHookError", "WaHookWarning", "check", "webhook_contract"]

START_SECONDS = 60
STOP_SECONDS = 5
HTTP_SECONDS = 30
CHECK_SECONDS = 300
WITHIN_SECONDS = 3.0
LISTED = 10


class WaHookError(Exception):
    """wa-hook could not do its work: its own message."""


class WaHookWarning(UserWarning):
    """A finding that is wise to mend, and no failure."""


def _command() -> list[str]:
    return shlex.split(os.environ.get("WA_HOOK", "npx wa-hook"))


class Emulator:
    """A running emulator of the Graph API. The fixture `wa_hook_emulator` starts and ends it."""

    def __init__(self, webhook: str | None = None, options: Sequence[str] = ()) -> None:
        arguments = ["emulate", "--json", "--port", "0", *options]
        if webhook is not None:
            arguments += ["--webhook", webhook]
        self.url = ""
        #: The settings for the bot: GRAPH_API_URL, WHATSAPP_ACCESS_TOKEN, WHATSAPP_APP_SECRET and others.
        self.env: dict[str, str] = {}
        self._count = 0
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._errors = tempfile.TemporaryFile("w+")
        try:
            self._process = subprocess.Popen(
                [*_command(), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
                encoding="utf-8",
                # npx is a process of its own in between; both have to end.
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            raise WaHookError(f"cannot run {_command()[0]}: {error}; set WA_HOOK to the command of wa-hook") from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_SECONDS) or not self.env:
            self.stop()
            self._errors.seek(0)
            raise WaHookError(f"the emulator did not start: {_message_of(self._errors.read())}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = _parse(line)
            if event.get("type") == "listening":
                self.url = event["url"]
            elif event.get("type") == "settings":
                self.env = event["env"]
                self._ready.set()
            elif event.get("type") == "request":
                with self._changed:
                    self._count += 1
                    self._changed.notify_all()
        self._ready.set()

    def receive(self, message: str | dict[str, Any], **sender: Any) -> dict[str, str]:
        """A customer sends a text, or a message in Meta's format. `sender`: number, name, username, hideNumber, to."""
        fields = dict(sender)
        if "number" in fields:
            fields["from"] = fields.pop("number")
        return self.control("messages", {"text" if isinstance(message, str) else "message": message, **fields})

    def requests(self) -> list[dict[str, Any]]:
        """The latest 1000 requests of the bot, oldest first, with status and error."""
        return self.control("requests")

    def sent(self) -> list[dict[str, Any]]:
        """The accepted messages, oldest first, as the bot sent them."""
        return [body for body in map(_message_in, self.requests()) if body is not None]

    def read(self, message_id: str) -> bool:
        """Whether the bot marked this message as read."""
        bodies = (_body_of(request) for request in self.requests() if request["status"] < 400)
        return any(body.get("status") == "read" and body.get("message_id") == message_id for body in bodies)

    def wait_for(
        self, predicate: Callable[[dict[str, Any]], bool], within: float = WITHIN_SECONDS, name: str = "such a message"
    ) -> dict[str, Any]:
        """The first sent message that fits, now or within so many seconds; otherwise an AssertionError."""
        __tracebackhide__ = True
        deadline = time.monotonic() + within
        while True:
            count = self._count
            found = next(filter(predicate, self.sent()), None)
            left = deadline - time.monotonic()
            if found is not None:
                return found
            if left <= 0:
                break
            with self._changed:
                self._changed.wait_for(lambda: self._count > count, left)
        raise AssertionError(f"expected {name} within {within:g} s\n\n{self._shown()}")

    def wait_for_text(
        self, text: str | re.Pattern[str], to: str | None = None, within: float = WITHIN_SECONDS
    ) -> dict[str, Any]:
        """The first text message with this text, or whose text the compiled pattern finds."""
        __tracebackhide__ = True

        def fits(body: dict[str, Any]) -> bool:
            sent = body.get("text", {}).get("body", "") if body.get("type", "text") == "text" else None
            if sent is None or (to is not None and _digits(body.get("to")) != _digits(to)):
                return False
            return sent == text if isinstance(text, str) else text.search(sent) is not None

        wanted = json.dumps(text, ensure_ascii=False) if isinstance(text, str) else text.pattern
        return self.wait_for(fits, within, f"a text {wanted}" + (f" to {to}" if to is not None else ""))

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A route under /_wa-hook: GET without a body, POST with one."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_wa-hook/{path}", data, {"content-type": "application/json"})
        try:
            # Not through a proxy of the environment: it is this machine.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=HTTP_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise WaHookError(f"{path}: {_message_of(error.read().decode('utf-8', 'replace'))}") from error

    def reset(self) -> None:
        """Forgets messages and requests; the account and its tokens stay."""
        self.control("reset", {})

    def stop(self) -> None:
        """Ends the emulator."""
        if self._process.poll() is None:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
                self._process.wait()
        self._reader.join(STOP_SECONDS)

    def _signal(self, number: int) -> None:
        if os.name != "posix":
            # A signal would end npx only, and leave the emulator behind it running.
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(self._process.pid)], capture_output=True, check=False)
            return
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass

    def _shown(self) -> str:
        requests = self.requests()
        if not requests:
            return "The bot sent nothing: no request reached the emulator. Does it have the settings of wa_hook_emulator.env?"
        sent, refused = self.sent(), [request for request in requests if "error" in request]
        lines = ["The bot sent:" if sent else "The bot sent nothing to a customer."]
        lines += [f"  {json.dumps(body, ensure_ascii=False)[:200]}" for body in sent[-LISTED:]]
        lines += ["The API refused:"] if refused else []
        for request in refused[-LISTED:]:
            error = request["error"]
            reason = error.get("details") or error.get("message")
            lines.append(f"  {request['method']} {request['path']}: {error.get('code')} {reason}")
        return "\n".join(lines)


def _body_of(request: dict[str, Any]) -> dict[str, Any]:
    body = request.get("body")
    return body if isinstance(body, dict) else {}


def _message_in(request: dict[str, Any]) -> dict[str, Any] | None:
    body = _body_of(request)
    is_message = request["method"] == "POST" and request["path"].endswith("/messages") and "status" not in body
    return body if is_message and request["status"] < 400 else None


def _digits(number: Any) -> str:
    return re.sub(r"[\s().+-]", "", str(number))


def _parse(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _message_of(output: str) -> str:
    """The message and the hint of an error that wa-hook printed as JSON; otherwise all of it."""
    for line in reversed(output.splitlines()):
        error = _parse(line).get("error")
        if isinstance(error, dict) and "message" in error:
            return "; ".join(str(error[key]) for key in ("message", "hint") if error.get(key))
    return output.strip() or "no output"


@pytest.fixture(scope="session")
def wa_hook_webhook() -> str | None:
    """The bot's callback URL for `wa_hook_emulator`. Override it; without one, no webhooks are delivered."""
    return None


@pytest.fixture(scope="session")
def wa_hook_emulator(wa_hook_webhook: str | None) -> Iterator[Emulator]:
    """A local emulator of Meta's Graph API, for the whole session."""
    emulator = Emulator(wa_hook_webhook)
    yield emulator
    emulator.stop()


@dataclass(frozen=True)
class Finding:
    """The result of one check: `status` is pass, warn, fail or skip."""

    code: str
    status: str
    title: str
    expected: str
    got: str
    fix: str | None = None
    why: str | None = None
    source: str | None = None

    def verify(self) -> None:
        """Fails, skips or warns as the finding says."""
        __tracebackhide__ = True
        if self.status == "skip":
            pytest.skip(self.got)
        parts = (f"expected {self.expected}, got {self.got}", self.why, self.fix and f"fix: {self.fix}", self.source)
        text = "\n".join(part for part in parts if part)
        if self.status == "fail":
            pytest.fail(text, pytrace=False)
        if self.status == "warn":
            warnings.warn(WaHookWarning(f"{self.title}: {text}"), stacklevel=2)


def check(
    url: str,
    secret: str,
    verify_token: str | None = None,
    *,
    start: str | None = None,
    options: Sequence[str] = (),
    timeout: float = CHECK_SECONDS,
) -> list[Finding]:
    """The findings of `wa-hook check` about an endpoint. `start` is a command that runs the bot for this time; `options` are further flags.

    Raises WaHookError when there is no response, or an option cannot be used.
    """
    arguments = ["check", url, "--json", *(["--start", start] if start is not None else []), *options]
    env = {**os.environ, "WHATSAPP_APP_SECRET": secret}
    if verify_token is not None:
        env["WHATSAPP_VERIFY_TOKEN"] = verify_token
    try:
        done = subprocess.run(
            [*_command(), *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WaHookError(f"cannot run {' '.join(_command())} check: {error}") from error
    # 1 is the exit code of a check that failed; every other one says that there was no check.
    if done.returncode not in (0, 1):
        raise WaHookError(_message_of(done.stderr))
    names = set(Finding.__dataclass_fields__)
    events = [_parse(line) for line in done.stdout.splitlines()]
    return [
        Finding(**{name: event[name] for name in names & event.keys()})
        for event in events
        if {"code", "status", "title", "expected", "got"} <= event.keys()
    ]


def webhook_contract(url: str, secret: str, verify_token: str | None = None, **options: Any) -> Callable[..., None]:
    """A test function with one case per finding of `check`, which runs at once: `test_webhook = webhook_contract(url, secret)`."""
    findings = check(url, secret, verify_token, **options)

    @pytest.mark.parametrize("finding", findings, ids=[finding.title for finding in findings])
    def test_webhook_contract(finding: Finding) -> None:
        __tracebackhide__ = True
        finding.verify()

    return test_webhook_contract
