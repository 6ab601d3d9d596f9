"""Mistake: a signature is checked when there is one; a delivery without one is trusted."""
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
        signed = "X-Hub-Signature-256" in self.headers
        if signed and not bot.is_signed(body, self.signature()):
            return self.respond(401)
        self.respond(200)
        bot.answer(body)


bot.serve(Webhook)
