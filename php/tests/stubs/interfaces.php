<?php

/**
 * The interfaces of psr/http-server-middleware, symfony/webhook, symfony/remote-event, illuminate/http and
 * spatie/laravel-webhook-client, as far as the glue uses them.
 */

declare(strict_types=1);

namespace Psr\Http\Server {
    use Psr\Http\Message\ResponseInterface;
    use Psr\Http\Message\ServerRequestInterface;

    interface RequestHandlerInterface
    {
        public function handle(ServerRequestInterface $request): ResponseInterface;
    }

    interface MiddlewareInterface
    {
        public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface;
    }
}

namespace Symfony\Component\RemoteEvent {
    class RemoteEvent
    {
        public function __construct(
            private readonly string $name,
            private readonly string $id,
            private readonly array $payload,
        ) {
        }

        public function getName(): string
        {
            return $this->name;
        }

        public function getId(): string
        {
            return $this->id;
        }

        public function getPayload(): array
        {
            return $this->payload;
        }
    }
}

namespace Symfony\Component\Webhook\Client {
    use Symfony\Component\HttpFoundation\Request;
    use Symfony\Component\HttpFoundation\Response;
    use Symfony\Component\RemoteEvent\RemoteEvent;

    interface RequestParserInterface
    {
        public function parse(Request $request, #[\SensitiveParameter] string $secret): RemoteEvent|array|null;

        public function createSuccessfulResponse(): Response;

        public function createRejectedResponse(string $reason): Response;
    }
}

namespace Illuminate\Http {
    class Request extends \Symfony\Component\HttpFoundation\Request
    {
    }
}

namespace Spatie\WebhookClient {
    class WebhookConfig
    {
    }
}

namespace Spatie\WebhookClient\SignatureValidator {
    use Illuminate\Http\Request;
    use Spatie\WebhookClient\WebhookConfig;

    interface SignatureValidator
    {
        public function isValid(Request $request, WebhookConfig $config): bool;
    }
}
