<?php
// routes/api.php, which has no CSRF check; the path is then /api/webhook.
// config/services.php: 'whatsapp' => ['app_secret' => env('WHATSAPP_APP_SECRET'), 'verify_token' => env('WHATSAPP_VERIFY_TOKEN')]

use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;

Route::get('/webhook', function (Request $request) {
    // PHP writes the dots in hub.mode as underscores.
    $isOurs = $request->query('hub_mode') === 'subscribe'
        && $request->query('hub_verify_token') === config('services.whatsapp.verify_token');

    return $isOurs
        ? response($request->query('hub_challenge'))->header('Content-Type', 'text/plain')
        : response('', 403);
});

Route::post('/webhook', function (Request $request) {
    // The bytes; not $request->all() or json_encode().
    $body = $request->getContent();
    $expected = 'sha256='.hash_hmac('sha256', $body, config('services.whatsapp.app_secret'));
    if (! hash_equals($expected, $request->header('X-Hub-Signature-256', ''))) {
        return response('', 401);
    }
    $payload = json_decode($body, true);
    error_log(count($payload['entry']).' entries'); // your bot: dispatch a job

    return response('', 200);
});
