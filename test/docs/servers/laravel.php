<?php
// Serves routes/api.php with Laravel's own router and request (Debian: php-illuminate-routing); for `php -S`.
foreach (['Container', 'Events', 'Http', 'Routing'] as $part) {
    require_once "Illuminate/$part/autoload.php";
}

use Illuminate\Container\Container;
use Illuminate\Events\Dispatcher;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\Routing\Router;
use Illuminate\Support\Facades\Facade;
use Symfony\Component\HttpKernel\Exception\HttpExceptionInterface;

/** As config/services.php has it. */
function config(string $key): string
{
    $settings = [
        'services.whatsapp.app_secret' => getenv('WHATSAPP_APP_SECRET'),
        'services.whatsapp.verify_token' => getenv('WHATSAPP_VERIFY_TOKEN'),
    ];

    return $settings[$key];
}

function response($content, int $status = 200): Response
{
    return new Response($content, $status);
}

$container = new Container;
$router = new Router(new Dispatcher($container), $container);
$request = Request::capture();
$container->instance('router', $router);
$container->instance(Request::class, $request);
Facade::setFacadeApplication($container);
require __DIR__.'/../../../docs/snippets/laravel.php';

try {
    $router->dispatch($request)->send();
} catch (HttpExceptionInterface $error) {
    http_response_code($error->getStatusCode());
}
