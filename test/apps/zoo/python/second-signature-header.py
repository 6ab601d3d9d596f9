"""Mistake: of several signature headers one right one is enough."""
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
        given = self.headers.get_all("X-Hub-Signature-256", [])
        if not any(bot.is_signed(body, signature) for signature in given):
            return self.respond(401)
        self.respond(200)
        bot.answer(body)


bot.serve(Webhook)
