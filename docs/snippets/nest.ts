import { Controller, Get, Headers, HttpCode, Module, Post, Query, Req, Res, type RawBodyRequest } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import type { Request, Response } from "express";

import { challengeOf, isSigned } from "./signature.js";

@Controller("webhook")
class WebhookController {
  @Get()
  handshake(@Query() query: Record<string, string>, @Res() response: Response) {
    const challenge = challengeOf(query);
    if (challenge === undefined) response.sendStatus(403);
    else response.type("text/plain").send(challenge);
  }

  @Post()
  @HttpCode(200) // Nest's default is 201, which Meta takes for a failure
  delivery(
    @Req() request: RawBodyRequest<Request>,
    @Headers("x-hub-signature-256") signature: string,
    @Res() response: Response,
  ) {
    if (!isSigned(request.rawBody, signature)) return response.sendStatus(401);
    response.sendStatus(200);
    console.log(request.body.entry.length, "entries"); // your bot
  }
}

@Module({ controllers: [WebhookController] })
class AppModule {}

// rawBody keeps the bytes beside the parsed body.
const app = await NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true });
app.useBodyParser("json", { limit: "4mb" });
await app.listen(process.env.PORT ?? 3000);
