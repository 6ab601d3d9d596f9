"""Mistake: reads the first message of the first change of the first entry; the others of a batch are acknowledged and lost."""
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
        body = self.body()
        if not bot.is_signed(body, self.signature()):
            return self.respond(401)
        self.respond(200)
        value = json.loads(body)["entry"][0]["changes"][0]["value"]
        bot.answer_all(value.get("messages", [])[:1])


bot.serve(Webhook)
