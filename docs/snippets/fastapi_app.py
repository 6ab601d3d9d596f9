import hashlib
import hmac
import json
import os

from fastapi import BackgroundTasks, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

APP_SECRET = os.environ["WHATSAPP_APP_SECRET"]
VERIFY_TOKEN = os.environ["WHATSAPP_VERIFY_TOKEN"]

app = FastAPI()


@app.get("/webhook")
async def handshake(request: Request):
    query = request.query_params
    if query.get("hub.mode") != "subscribe" or query.get("hub.verify_token") != VERIFY_TOKEN:
        return Response(status_code=403)
    return PlainTextResponse(query.get("hub.challenge", ""))


@app.post("/webhook")
async def delivery(request: Request, background: BackgroundTasks):
    body = await request.body()  # the bytes; not request.json()
    signature = ", ".join(request.headers.getlist("x-hub-signature-256"))
    if not is_signed(body, signature):
        return Response(status_code=401)
    background.add_task(handle, json.loads(body))
    return Response(status_code=200)


def is_signed(body: bytes, signature: str) -> bool:
    expected = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), expected.encode())


def handle(payload):
    print(len(payload["entry"]), "entries")  # your bot
