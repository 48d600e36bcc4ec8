<?php

declare(strict_types=1);

namespace Hookproof;

use function is_array;
use function is_string;
use function strlen;

/**
 * One request, as it was received.
 *
 *     Request::post($authorization, $body)
 *     Request::fromGlobals()
 *     Request::fromPsr7($serverRequest)
 *     Request::fromSymfony($request)              (Laravel's too)
 */
final class Request
{
    /**
     * @param string $body the raw bytes, before any parser touched them
     * @param string|array<string, string|list<string>>|null $headers all fields, by their names in any case; or the value of
     *     the one that carries the signature; null when there is none
     * @param string $method as in the request line
     * @param string $query the raw query, without the question mark
     * @param string|null $route your name for the endpoint, for profiles that choose the secret by it
     */
    public function __construct(
        #[\SensitiveParameter] public readonly string $body = '',
        #[\SensitiveParameter] public readonly string|array|null $headers = null,
        public readonly string $method = 'POST',
        public readonly string $query = '',
        public readonly ?string $route = null,
    ) {
    }

    /** A POST with the value of its signature header. */
    public static function post(#[\SensitiveParameter] ?string $authorization, #[\SensitiveParameter] string $body): self
    {
        return new self($body, $authorization);
    }

    /**
     * The request that PHP is answering, from $_SERVER and php://input. `$body`: the raw body, if the program has read it.
     */
    public static function fromGlobals(?string $route = null, #[\SensitiveParameter] ?string $body = null): self
    {
        return Globals::request($route, $body ?? (string) file_get_contents('php://input'));
    }

    /** A request of PSR-7 (psr/http-message). Its body is read from the beginning, and left there. */
    public static function fromPsr7(#[\SensitiveParameter] object $request, ?string $route = null): self
    {
        $body = $request->getBody();
        $text = (string) $body;
        if ($body->isSeekable()) {
            $body->rewind();
        }
        return self::headOfPsr7($request, $route, $text);
    }

    /** A request of PSR-7 whose body is streamed: for Verifier::begin(). */
    public static function headOfPsr7(
        #[\SensitiveParameter] object $request,
        ?string $route = null,
        #[\SensitiveParameter] string $body = '',
    ): self {
        // The target as it was sent: a URI object may have been rewritten.
        $target = $request->getServerParams()['REQUEST_URI'] ?? '';
        $query = Globals::queryOf(is_string($target) ? $target : '') ?? $request->getUri()->getQuery();
        return new self($body, self::apart($request->getHeaders()), $request->getMethod(), $query, $route);
    }

    /** A request of Symfony's HttpFoundation, which Laravel's is one of too. */
    public static function fromSymfony(#[\SensitiveParameter] object $request, ?string $route = null): self
    {
        // Not QUERY_STRING, nor the normalized query: rewriting rules and sorting change both.
        $query = Globals::queryOf((string) $request->server->get('REQUEST_URI', ''))
            ?? (string) $request->server->get('QUERY_STRING', '');
        $headers = self::apart($request->headers->all());
        return new self((string) $request->getContent(), $headers, $request->getRealMethod(), $query, $route);
    }

    /**
     * The same head with its body.
     *
     * @internal
     */
    public function withBody(#[\SensitiveParameter] string $body): self
    {
        return new self($body, $this->headers, $this->method, $this->query, $this->route);
    }

    /**
     * @param array<string, array<?string>> $headers
     *
     * @return array<string, list<string>>
     */
    private static function apart(#[\SensitiveParameter] array $headers): array
    {
        return array_map(
            static fn (array $values): array => array_merge(
                ...array_map(static fn (?string $value): array => Globals::split($value ?? ''), array_values($values)),
            ),
            $headers,
        );
    }

    /**
     * The value of a field, and how many such fields there are.
     *
     * @internal
     *
     * @return array{?string, int}
     */
    public function field(string $name): array
    {
        if (!is_array($this->headers)) {
            return [$this->headers, $this->headers === null ? 0 : 1];
        }
        $value = null;
        $count = 0;
        foreach ($this->headers as $key => $values) {
            if (strcasecmp((string) $key, $name) === 0) {
                foreach ((array) $values as $one) {
                    $value = (string) $one;
                    $count++;
                }
            }
        }
        return [$value, $count];
    }

    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'route' => $this->route, 'body' => strlen($this->body) . ' bytes'];
    }
}
