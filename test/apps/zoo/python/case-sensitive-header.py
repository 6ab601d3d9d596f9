"""Mistake: looks the header up exactly as Meta writes it; a proxy that lower-cases header names (HTTP/2) breaks it."""
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
        given = [value for name, value in self.headers.items() if name == "X-Hub-Signature-256"]
        if not bot.is_signed(body, ", ".join(given)):
            return self.respond(401)
        self.respond(200)
        bot.answer(body)


bot.serve(Webhook)
