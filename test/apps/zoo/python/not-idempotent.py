"""Mistake: answers each delivery of a message; Meta may deliver one twice, and does after each failure."""
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
        for message in bot.messages_in(json.loads(body)):
            bot.reply(message)


bot.serve(Webhook)
