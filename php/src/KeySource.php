<?php

declare(strict_types=1);

namespace Hookproof;

/**
 * Loads the secrets of an account by the api_key that a token claims (or by the route, with profiles that choose the secret
 * by it): pass one to Verifier in place of keys.
 *
 *     new KeySource(fn (string $apiKey) => $customers->secretOf($apiKey))
 *
 * The callable returns one or several secrets, a Keyring, or null for an account that is not known. Anybody may have written
 * that api_key: use it as a value, never as a part of a query's text. What it throws makes the request `key.unavailable`, so
 * that the sender keeps it; the refusal has the exception as its previous one. It is asked at each request: where that is too
 * often, keep what it finds in a cache of your own.
 */
final class KeySource
{
    use NotCopied;

    private readonly \Closure $load;

    /** @param callable(string): (string|Secret|iterable<string|Secret>|Keyring|null) $load */
    public function __construct(callable $load)
    {
        $this->load = $load(...);
    }

    /** @internal */
    public function load(string $selector): Keyring
    {
        $loaded = ($this->load)($selector);
        return match (true) {
            $loaded === null => new Keyring(),
            $loaded instanceof Keyring => $loaded,
            default => new Keyring([$selector => $loaded]),
        };
    }
}
