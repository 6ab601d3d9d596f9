"""Mistake: hashes `json.dumps` of the parsed body instead of the bytes; it escapes é and emoji as Meta does, but not `/`, `@` and `%`."""
import json

import bot


class Webhook(bot.Handler):
    def do_GET(self):
        challenge = self.challenge()
        if challenge is None:
            self.respond(403)
        else:
            self.respond(200, challenge)

    def do_POST(self):
        payload = json.loads(self.body() or b"{}")
        body = json.dumps(payload, separators=(",", ":")).encode()
        if not bot.is_signed(body, self.signature()):
            return self.respond(401)
        self.respond(200)
        bot.answer(body)


bot.serve(Webhook)
