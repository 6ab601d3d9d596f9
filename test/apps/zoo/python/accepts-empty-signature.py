"""Mistake: a header must be there, but an empty one counts as nothing to compare."""
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
        if "X-Hub-Signature-256" not in self.headers:
            return self.respond(401)
        if self.signature() and not bot.is_signed(body, self.signature()):
            return self.respond(401)
        self.respond(200)
        bot.answer(body)


bot.serve(Webhook)
