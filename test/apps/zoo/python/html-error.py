"""Mistake: only GET has a handler, so deliveries get the HTML error page of http.server."""
import bot


class Webhook(bot.Handler):
    def do_GET(self):
        challenge = self.challenge()
        if challenge is None:
            self.respond(403)
        else:
            self.respond(200, challenge)


bot.serve(Webhook)
