"""Right: the raw bytes are hashed, the acknowledgment comes first, each message is answered once."""
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
        bot.answer(body)


bot.serve(Webhook)
