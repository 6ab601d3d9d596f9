<?php
// A client as users of PHP's curl write one: forms of http_build_query, CURLFile uploads. Reads a request per line, prints the response's body.

function message(string $to, string $type, array $content, array $more = []): array
{
    return ["messaging_product" => "whatsapp", "to" => $to, "type" => $type, $type => $content] + $more;
}

function body_of(string $what, string $to, string $argument): array
{
    $shown = ["type" => $what, "body" => ["text" => "Which?"], "footer" => ["text" => "Until six"]];
    $rows = [["id" => "green", "title" => "Green", "description" => ""], ["id" => "black", "title" => "Black"]];
    $button = ["type" => "reply", "reply" => ["id" => "yes", "title" => "Yes"]];
    $link = ["display_text" => "Show", "url" => "https://example.com/t/17"];
    $name = ["formatted_name" => "Test Contact", "first_name" => "Test"];
    $words = [["type" => "text", "text" => "Sheena"], ["type" => "text", "text" => "10:30"]];
    $parts = [["type" => "body", "parameters" => $words]];
    return match ($what) {
        "text" => message($to, "text", ["body" => "Hello", "preview_url" => false]),
        "reply" => message($to, "text", ["body" => "Yes"], ["context" => ["message_id" => $argument]]),
        "image.link" => message($to, "image", ["link" => "https://example.com/door.png", "caption" => ""]),
        "document.link" => message($to, "document", ["link" => "https://example.com/door.pdf", "filename" => "door.pdf"]),
        "location" => message($to, "location", ["latitude" => 52.5163, "longitude" => 13.3777, "name" => "", "address" => ""]),
        "contacts" => message($to, "contacts", [["name" => $name, "phones" => [["phone" => "+16505550100"]]]]),
        "reaction" => message($to, "reaction", ["message_id" => $argument, "emoji" => "\u{1F44D}"]),
        "template" => message($to, "template", ["name" => "hello_world", "language" => ["code" => "en_us"]]),
        "template.parameters" => message($to, "template", [
            "name" => "appointment_reminder", "language" => ["code" => "en_US"], "components" => $parts,
        ]),
        "button" => message($to, "interactive", $shown + ["action" => ["buttons" => [$button]]]),
        "list" => message($to, "interactive", $shown + [
            "action" => ["button" => "Choose", "sections" => [["title" => "Tea", "rows" => $rows]]],
        ]),
        "cta_url" => message($to, "interactive", $shown + ["action" => ["name" => "cta_url", "parameters" => $link]]),
    };
}

function ask(string $what, string $url, string $token, string $phone, string $account, string $to, string $argument): string
{
    $graph = "$url/v25.0";
    $of = fn(string $path, array $query = []) => "$graph/$path" . ($query === [] ? "" : "?" . http_build_query($query));
    $read = ["messaging_product" => "whatsapp", "status" => "read", "message_id" => $argument];
    [$address, $options] = match ($what) {
        "upload" => [$of("$phone/media"), [CURLOPT_POSTFIELDS => [
            "messaging_product" => "whatsapp", "type" => "image/png", "file" => new CURLFile($argument, "image/png", "door.png"),
        ]]],
        "read" => [$of("$phone/messages"), [CURLOPT_POSTFIELDS => http_build_query($read)]],
        "look" => [$of($argument), []],
        "download" => [$argument, [CURLOPT_FOLLOWLOCATION => true]],
        "delete" => [$of($argument), [CURLOPT_CUSTOMREQUEST => "DELETE"]],
        "phone" => [$of($phone, ["fields" => "verified_name,id"]), []],
        "profile" => [$of("$phone/whatsapp_business_profile", ["fields" => "about,messaging_product"]), []],
        "templates" => [$of("$account/message_templates", ["limit" => 1]), []],
        default => [$of("$phone/messages"), [CURLOPT_POSTFIELDS => http_build_query(body_of($what, $to, $argument))]],
    };
    $handle = curl_init($address);
    curl_setopt_array($handle, $options + [
        CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"],
    ]);
    $body = curl_exec($handle);
    return $what === "download" ? base64_encode($body) : $body;
}

while (($line = fgets(STDIN)) !== false) {
    echo ask(...explode("\t", rtrim($line, "\n"))), "\n";
}
