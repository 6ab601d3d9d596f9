import sys

from django.conf import settings
from django.core.management import execute_from_command_line

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for this example",
    DATA_UPLOAD_MAX_MEMORY_SIZE=4 * 1024 * 1024,
)

# #region view
import hashlib
import hmac
import json
import os

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

APP_SECRET = os.environ["WHATSAPP_APP_SECRET"]
VERIFY_TOKEN = os.environ["WHATSAPP_VERIFY_TOKEN"]


# settings.py: DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024, because Meta sends up to 3 MB
@csrf_exempt
def webhook(request):
    if request.method == "GET":
        query = request.GET
        if query.get("hub.mode") != "subscribe" or query.get("hub.verify_token") != VERIFY_TOKEN:
            return HttpResponse(status=403)
        return HttpResponse(query.get("hub.challenge", ""), content_type="text/plain")
    if not is_signed(request.body, request.headers.get("X-Hub-Signature-256", "")):
        return HttpResponse(status=401)
    payload = json.loads(request.body)
    print(len(payload["entry"]), "entries")  # your bot: put the payload into a queue
    return HttpResponse(status=200)


def is_signed(body, signature):
    expected = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), expected.encode())


urlpatterns = [path("webhook", webhook)]  # without a trailing slash: Meta does not follow redirects
# #endregion view

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
