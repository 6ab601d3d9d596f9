"""Mistake: acknowledges before the body was read and verified, so that whoever sends anything gets a 200, and a lost delivery does not come again."""
import bot


class Webhook(bot.Handler):
    def do_GET(self):
        challenge = self.challenge()
        if challenge is None:
            self.respond(403)
        else:
            self.respond(200, challenge)

    def do_POST(self):
        self.respond(200)
        body = self.body()
        if bot.is_signed(body, self.signature()):
            bot.answer(body)


bot.serve(Webhook)
