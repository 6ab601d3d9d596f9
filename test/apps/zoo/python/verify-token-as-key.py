"""Mistake: the signature is checked with the verify token as key instead of the app secret."""
import hmac

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
        if not hmac.compare_digest(self.signature().encode(), bot.sign(body, key=bot.VERIFY_TOKEN).encode()):
            return self.respond(401)
        self.respond(200)
        bot.answer(body)


bot.serve(Webhook)
