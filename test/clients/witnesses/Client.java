// A client as users of java.net.http write one, run from its source. Reads a request per line, prints the response's body.
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

public class Client {
  // Java offers HTTP/2 to servers without TLS by an upgrade.
  static final HttpClient HTTP = HttpClient.newHttpClient();

  public static void main(String[] arguments) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      var f = line.split("\t", -1);
      var response = HTTP.send(request(f[0], f[1] + "/v25.0/", f[2], f[3], f[4], f[5], f[6]), BodyHandlers.ofByteArray());
      var body = response.body();
      var text = f[0].equals("download") ? Base64.getEncoder().encodeToString(body) : new String(body, StandardCharsets.UTF_8);
      System.out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    }
  }

  static HttpRequest request(String what, String graph, String token, String phone, String account, String to, String argument)
      throws Exception {
    var builder = HttpRequest.newBuilder().header("Authorization", "Bearer " + token);
    switch (what) {
      case "upload":
        return builder.uri(URI.create(graph + phone + "/media")).header("Content-Type", "multipart/form-data; boundary=part")
            .POST(BodyPublishers.ofByteArray(form(Path.of(argument)))).build();
      case "look":
        return builder.uri(URI.create(graph + argument)).GET().build();
      case "download":
        return builder.uri(URI.create(argument)).GET().build();
      case "delete":
        return builder.uri(URI.create(graph + argument)).DELETE().build();
      case "phone":
        return builder.uri(URI.create(graph + phone + "?fields=verified_name%2Cid")).GET().build();
      case "profile":
        return builder.uri(URI.create(graph + phone + "/whatsapp_business_profile?fields=about,messaging_product")).GET().build();
      case "templates":
        return builder.uri(URI.create(graph + account + "/message_templates?limit=1")).GET().build();
      default:
        return builder.uri(URI.create(graph + phone + "/messages")).header("Content-Type", "application/json; charset=UTF-8")
            .POST(BodyPublishers.ofString(json(what, to, argument))).build();
    }
  }

  static byte[] form(Path file) throws Exception {
    var out = new ByteArrayOutputStream();
    var start = "--part\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n"
        + "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"door.png\"\r\nContent-Type: image/png\r\n\r\n";
    out.write(start.getBytes(StandardCharsets.UTF_8));
    out.write(Files.readAllBytes(file));
    out.write("\r\n--part--\r\n".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  static String json(String what, String to, String argument) {
    if (what.equals("read")) return "{\"messaging_product\":\"whatsapp\",\"status\":\"read\",\"message_id\":\"" + argument + "\"}";
    var type = switch (what) {
      case "reply" -> "text";
      case "button", "list", "cta_url" -> "interactive";
      default -> what.split("\\.")[0];
    };
    // Objects with null fields, as serializers of Java classes write them.
    return """
        {"messaging_product":"whatsapp","recipient_type":"INDIVIDUAL","to":"%s","type":"%s","context":%s,"%s":%s}"""
        .formatted(to, type, what.equals("reply") ? "{\"message_id\":\"" + argument + "\"}" : "null", type, content(what, argument));
  }

  static String content(String what, String argument) {
    return switch (what) {
      case "text", "reply" -> "{\"preview_url\":null,\"body\":\"Hello\"}";
      case "image.link" -> "{\"id\":null,\"link\":\"https://example.com/door.png\",\"caption\":null}";
      case "document.link" -> "{\"id\":null,\"link\":\"https://example.com/door.pdf\",\"caption\":null,\"filename\":\"door.pdf\"}";
      case "location" -> "{\"latitude\":\"52.5163\",\"longitude\":\"13.3777\",\"name\":null,\"address\":null}";
      case "contacts" -> """
          [{"addresses":null,"birthday":null,"emails":[],"name":{"formatted_name":"Test Contact","first_name":"Test","last_name":null},
          "org":null,"phones":[{"phone":"+16505550100","type":"WORK","wa_id":null}],"urls":null}]""".replace("\n", "");
      case "reaction" -> "{\"message_id\":\"" + argument + "\",\"emoji\":\"\\uD83D\\uDC4D\"}";
      case "template" -> "{\"name\":\"hello_world\",\"language\":{\"code\":\"en_US\",\"policy\":null},\"components\":null}";
      case "template.parameters" -> """
          {"name":"appointment_reminder","language":{"code":"en_US"},"components":[{"type":"BODY","sub_type":null,"index":null,
          "parameters":[{"type":"TEXT","text":"Sheena"},{"type":"TEXT","text":"10:30"}]}]}""".replace("\n", "");
      default -> """
          {"type":"%s","header":null,"body":{"text":"Which?"},"footer":null,"action":%s}""".formatted(what, action(what));
    };
  }

  static String action(String what) {
    return switch (what) {
      case "button" -> "{\"buttons\":[{\"type\":\"reply\",\"reply\":{\"id\":\"yes\",\"title\":\"Yes\"}}],\"sections\":null}";
      case "list" -> """
          {"button":"Choose","buttons":null,"sections":[{"title":"Tea","rows":[
          {"id":"green","title":"Green","description":null},{"id":"black","title":"Black","description":""}]}]}""".replace("\n", "");
      default -> """
          {"name":"cta_url","parameters":{"display_text":"Show","url":"https://example.com/t/17"}}""";
    };
  }
}
