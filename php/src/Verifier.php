<?php

declare(strict_types=1);

namespace Hookproof;

use FFI\CData;
use Hookproof\Exception\CallException;
use Hookproof\Exception\ConfigException;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Store\Store;

use function is_string;
use function strlen;

/**
 * Judges requests by its keys and options.
 *
 *     $verifier = new Verifier(['a1b2c3d4' => 'the signature secret of your dashboard']);
 *     $answer = $verifier->receive(Request::fromGlobals(), new FileStore('/var/lib/app/seen.db'), handle(...));
 */
final class Verifier
{
    use NotCopied;

    /** A maxAge, in seconds, that accepts every retry of the sender: 24 hours and a quarter. */
    public const RETRY_WINDOW = Abi::RETRY_WINDOW;

    /** The name of the header that carries the token. */
    public readonly string $headerName;

    /** The largest body, in bytes. */
    public readonly int $maxBodyBytes;

    /** What to answer where the sender shall try again. */
    public readonly int $retryStatus;

    private readonly Native $native;
    private readonly \FFI $ffi;
    private readonly CData $out;
    private readonly CData $handle;
    private readonly ?KeySource $source;
    private readonly bool $isSms;
    private readonly \Closure $clock;

    /**
     * What is not set has the strict default; times are seconds. No value means "off".
     *
     * @param array<string, string|Secret|iterable<string|Secret>>|Keyring|KeySource $keys api_key to one or several secrets;
     *     a keyring; or what loads the secrets when they are needed
     * @param string $profile `standard`, `video`, `contact_center`, `cloud_runtime`, or `sms_` and the method of the SMS
     *     API's own signature
     * @param int|null $maxAge how old a token may be: 300, and at most a week
     * @param int|null $leeway how far in the future it may have been issued: 60
     * @param int|null $lease how long a claim holds: 30; longer than any handler runs
     * @param int|null $maxBodyBytes 1 MiB
     * @param int|null $maxHeaderBytes 8 KiB
     * @param list<string> $bodyMethods more methods whose signed payload is the body, besides POST, PUT and PATCH
     * @param list<string> $payloadForms more forms of a GET's payload
     * @param list<string> $ownQueries parameters of your own in the URL you gave Vonage
     * @param string $advice `lossless`, or `conventional`: 401 for key and signature refusals too
     * @param int $retryStatus 503 or 429
     * @param list<string> $networks for sourceHint(): networks of your own, and `published` for those of Vonage
     * @param (callable(): int)|null $clock Unix seconds; the system's clock unless given
     * @param bool $dangerouslyAllowMissingPayloadHash nothing then ties the body to the signature
     * @param bool $dangerouslyAllowMissingNonce for SMS: two equal messages of one second are then one
     * @param bool $dangerouslyAcceptAndFlagStoreFailures whoever can disturb the store can have a request worked on twice
     *
     * @throws ConfigException
     */
    public function __construct(
        #[\SensitiveParameter] array|Keyring|KeySource $keys,
        string $profile = 'standard',
        ?int $maxAge = null,
        ?int $leeway = null,
        ?int $lease = null,
        ?int $maxBodyBytes = null,
        ?int $maxHeaderBytes = null,
        ?string $headerName = null,
        ?string $expectedIssuer = null,
        array $bodyMethods = [],
        array $payloadForms = [],
        array $ownQueries = [],
        string $advice = 'lossless',
        int $retryStatus = 503,
        array $networks = [],
        ?callable $clock = null,
        bool $dangerouslyAllowMissingPayloadHash = false,
        bool $dangerouslyAllowMissingNonce = false,
        bool $dangerouslyAcceptAndFlagStoreFailures = false,
    ) {
        $this->native = Native::get();
        $this->ffi = $this->native->ffi;
        $this->out = $this->native->result;
        $this->clock = $clock === null ? time(...) : $clock(...);
        $this->source = $keys instanceof KeySource ? $keys : null;
        $this->isSms = str_starts_with($profile, 'sms_');
        $this->retryStatus = $retryStatus;
        $policy = new Policy($this->native);
        // What is set to its default is not set: each call costs.
        $policy->text('set_profile', $profile === 'standard' ? null : $profile);
        $policy->number('set_max_age', $maxAge, 0xFFFFFFFF);
        $policy->number('set_leeway', $leeway, 0xFFFFFFFF);
        $policy->number('set_lease', $lease, 0xFFFFFFFF);
        $policy->number('set_max_body_bytes', $maxBodyBytes);
        $policy->number('set_max_header_bytes', $maxHeaderBytes);
        $policy->text('set_header_name', $headerName);
        $policy->text('set_expected_issuer', $expectedIssuer);
        $policy->texts('add_body_method', $bodyMethods);
        $policy->texts('add_payload_form', $payloadForms);
        $policy->texts('add_own_query', $ownQueries);
        $policy->number('set_advice', match ($advice) {
            'lossless' => null,
            'conventional' => Abi::ADVICE_CONVENTIONAL,
            default => throw new ConfigException('advice: must be lossless or conventional'),
        });
        $policy->number('set_retry_status', $retryStatus === 503 ? null : $retryStatus, 0x7FFFFFFF);
        if ($networks !== []) {
            $policy->networks($networks);
        }
        $policy->flag('dangerously_allow_missing_payload_hash', $dangerouslyAllowMissingPayloadHash);
        $policy->flag('dangerously_allow_missing_nonce', $dangerouslyAllowMissingNonce);
        $policy->flag('dangerously_accept_and_flag_store_failures', $dangerouslyAcceptAndFlagStoreFailures);

        $keyring = $this->source === null ? self::keyring($keys) : null;
        [$status, $handle] = $this->native->newVerifier($policy->handle, $keyring?->handle());
        $this->handle = $handle ?? throw new ConfigException(
            $status === Abi::E_CONFIG ? 'keys: there is no account' : Refusals::sentence($this->native, $status),
        );
        $this->headerName = $this->native->text($this->ffi->hookproof_verifier_header_name($handle));
        $this->maxBodyBytes = $this->ffi->hookproof_verifier_max_body_bytes($handle);
    }

    /**
     * Verifies a whole request. No store is asked: it may be a repeat.
     *
     * @param string|null $account the api_key this endpoint serves; a valid token of another is `key.mismatch`
     * @param Keyring|null $keyring for this call, in place of the verifier's own
     * @param int|null $now Unix seconds; the verifier's clock unless given
     *
     * @throws WebhookRefused
     */
    public function verify(
        #[\SensitiveParameter] Request $request,
        ?string $account = null,
        ?Keyring $keyring = null,
        ?int $now = null,
    ): Webhook {
        // The most common request goes the shortest way: each argument of a call to C costs.
        $header = $request->headers;
        if (
            is_string($header) && $request->method === 'POST' && $request->query === '' && $request->route === null
            && $account === null && $keyring === null && $this->source === null
        ) {
            $status = $this->ffi->hookproof_verifier_verify_post(
                $this->handle,
                $header,
                strlen($header),
                $request->body,
                strlen($request->body),
                $now ?? ($this->clock)(),
                $this->out,
            );
            $handle = $this->out[0];
            if ($status === Abi::OK && $handle !== null) {
                return new Webhook($this->native, $handle, $request->body);
            }
            $result = $handle === null ? null : new Result($this->native, $handle);
            throw Refusals::of($this->native, $status, $result?->handle);
        }
        return Webhook::of($this->judged($request, $account, $keyring, $now ?? ($this->clock)()), $request->body);
    }

    /**
     * Verifies a request and claims it, last of all; then calls `$work` with what was Received. When that returns, the claim
     * is confirmed, and a repeat is a duplicate from then on. If it throws, or has told Received::answer() a status other than
     * 200 to 205, the claim is released, and the sender's retry is worked on.
     *
     * @template T
     *
     * @param callable(Received): T $work
     *
     * @return T
     *
     * @throws WebhookRefused before `$work` is called
     */
    public function receive(
        #[\SensitiveParameter] Request $request,
        Store $store,
        callable $work,
        Duplicates $duplicates = Duplicates::Refuse,
        ?string $account = null,
        ?Keyring $keyring = null,
        ?int $now = null,
    ): mixed {
        return $this->claim($request, $store, $duplicates, $account, $keyring, $now)->run($work);
    }

    /**
     * As receive(), where the work has no such shape: confirm or release what was Received by hand.
     *
     * @throws WebhookRefused
     */
    public function claim(
        #[\SensitiveParameter] Request $request,
        Store $store,
        Duplicates $duplicates = Duplicates::Refuse,
        ?string $account = null,
        ?Keyring $keyring = null,
        ?int $now = null,
    ): Received {
        $time = $now ?? ($this->clock)();
        $result = $this->judged($request, $account, $keyring, $time);
        [$claim, $extent] = $store->take($result, $duplicates, $time, $this->clockOf($now));
        return new Received(Webhook::of($result, $request->body, $extent), $claim, $this->clock);
    }

    /**
     * At most once: verifies a request and records it as done before the work begins. If the work then fails, the event is
     * lost, for its retry is a duplicate; receive() loses none.
     *
     * @throws WebhookRefused
     */
    public function verifyOnce(
        #[\SensitiveParameter] Request $request,
        Store $store,
        Duplicates $duplicates = Duplicates::Refuse,
        ?string $account = null,
        ?Keyring $keyring = null,
        ?int $now = null,
    ): Webhook {
        $time = $now ?? ($this->clock)();
        $result = $this->judged($request, $account, $keyring, $time);
        return Webhook::of($result, $request->body, $store->record($result, $duplicates, $time, $this->clockOf($now)));
    }

    /**
     * Judges everything that stands in the head, before one byte of the body is read: a forged request ends here. The body
     * of `$request` plays no part.
     *
     * @param int|null $contentLength the length that the request announces, if it does
     *
     * @throws WebhookRefused
     */
    public function begin(
        #[\SensitiveParameter] Request $request,
        ?int $contentLength = null,
        ?string $account = null,
        ?Keyring $keyring = null,
        ?int $now = null,
    ): PendingBody {
        if (!$this->loadsByHead($request)) {
            throw new CallException('the account, whose secrets are to be loaded, stands in the body: verify it whole');
        }
        $native = $this->native;
        [$header, $count] = $request->field($this->headerName);
        [$given, $ring, $failure] = $this->ring($request, $header, $count, $keyring);
        $head = [
            $request->method, strlen($request->method),
            $header, strlen($header ?? ''), $count,
            $request->query, strlen($request->query),
            $request->route, strlen($request->route ?? ''),
            $account, strlen($account ?? ''),
            $contentLength === null || $contentLength < 0 ? Abi::LENGTH_UNKNOWN : $contentLength,
            $now ?? ($this->clock)(),
            $native->result,
        ];
        $status = $given
            ? $native->ffi->hookproof_verifier_begin_with_keyring($this->handle, $ring?->handle(), ...$head)
            : $native->ffi->hookproof_verifier_begin($this->handle, ...$head);
        $result = $this->taken();
        if ($status !== Abi::PENDING_BODY || $result === null) {
            throw Refusals::of($native, $status, $result?->handle, $failure);
        }
        return new PendingBody($result, $this->clock);
    }

    /**
     * Judges the head, reads the body in pieces, and claims.
     *
     * @internal
     *
     * @param \Closure(): string $read the next piece; empty at the end
     *
     * @throws WebhookRefused
     */
    public function claimRead(
        #[\SensitiveParameter] Request $head,
        ?int $contentLength,
        \Closure $read,
        Store $store,
        Duplicates $duplicates,
        ?string $account,
    ): Received {
        $pending = $this->loadsByHead($head) ? $this->begin($head, $contentLength, $account) : null;
        $body = '';
        while (strlen($body) <= $this->maxBodyBytes && ($chunk = $read()) !== '') {
            $pending?->update($chunk);
            $body .= $chunk;
        }
        return $pending !== null
            ? $pending->claim($store, $duplicates, body: $body)
            : $this->claim($head->withBody($body), $store, $duplicates, $account);
    }

    /**
     * Answers the request that PHP is answering, whole: judges the head before the body is read, verifies, claims, calls
     * `$handler` with what was Received, and sends the answer by the table.
     *
     * The handler returns the answer: null (200 without a body), a string, an array (sent as JSON) or an int (an HTTP status).
     * What it prints is part of the answer. If it throws, prints a status other than 200 to 205, ends by exit() or dies of a
     * fatal error, the claim is released, and the sender is told to try again.
     *
     * @param callable(Received): (string|array<mixed>|int|null) $handler
     * @param (callable(string, ?\Throwable): void)|null $log takes one line for a refusal or failure, and the exception if
     *     there is one; error_log() unless given
     *
     * @return bool whether the request was accepted and worked on
     */
    public function handleGlobals(
        Store $store,
        callable $handler,
        Duplicates $duplicates = Duplicates::Refuse,
        ?string $route = null,
        ?string $account = null,
        ?callable $log = null,
    ): bool {
        return (new Globals($this, $log))->handle($store, $handler, $duplicates, $route, $account);
    }

    /**
     * The account that a request names: the api_key of its token, its route, or the api-key of an SMS webhook. Anybody may
     * have written it: it proves nothing, and is there to load secrets.
     *
     * @throws WebhookRefused
     */
    public function untrustedAccount(#[\SensitiveParameter] Request $request): string
    {
        [$header, $count] = $request->field($this->headerName);
        [$status, $account] = $this->native->untrustedAccount($this->handle, $header, $count, $request);
        if ($status === Abi::OK) {
            return $account;
        }
        // The refusal with everything that is known of it; it cannot be accepted without a keyring.
        $this->judged($request, null, Keyring::unavailable(), ($this->clock)());
        throw new CallException(Refusals::sentence($this->native, $status), $status);
    }

    /**
     * Replaces the keyring as a whole, and returns the generation of the new one. What is refused leaves the old one.
     *
     * @param array<string, string|Secret|iterable<string|Secret>>|Keyring $keys
     *
     * @throws ConfigException
     */
    public function replaceKeyring(#[\SensitiveParameter] array|Keyring $keys): int
    {
        // In a variable: a handle does not keep the object that frees it.
        $keyring = self::keyring($keys);
        $status = $this->ffi->hookproof_verifier_replace_keyring($this->handle, $keyring->handle());
        if ($status !== Abi::OK) {
            throw new ConfigException('keys: there is no account');
        }
        return $this->generation();
    }

    /** Counts the keyrings: 1 for the first; 0 with a KeySource. */
    public function generation(): int
    {
        return $this->ffi->hookproof_verifier_generation($this->handle);
    }

    /**
     * How an address relates to the networks of the verifier: `not_checked`, `published`, `added`, `elsewhere` or
     * `unreadable`. A hint for logs, NEVER a proof: networks change, and behind a proxy the address is the proxy's.
     */
    public function sourceHint(string $address): string
    {
        return $this->native->text(
            $this->ffi->hookproof_verifier_source_hint($this->handle, $address, strlen($address)),
        );
    }

    /** The verifier's clock, in Unix seconds. */
    public function now(): int
    {
        return ($this->clock)();
    }

    /** Seconds for the field Retry-After of an answer with the retry status. */
    public function retryAfter(): int
    {
        return $this->ffi->hookproof_result_retry_after(null);
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->ffi->hookproof_verifier_free($this->handle);
        }
    }

    /** Whether the head says whose secrets are to be loaded. The SMS API's own signature is in the body, with its account. */
    private function loadsByHead(#[\SensitiveParameter] Request $head): bool
    {
        return $this->source === null || !$this->isSms || $head->method === 'GET';
    }

    /** The result of a request that passed every check but the store's. */
    private function judged(
        #[\SensitiveParameter] Request $request,
        ?string $account,
        ?Keyring $keyring,
        int $now,
    ): Result {
        $native = $this->native;
        [$header, $count] = $request->field($this->headerName);
        $failure = null;
        if ($keyring === null && $this->source === null) {
            $status = $native->ffi->hookproof_verifier_verify(
                $this->handle,
                $request->method,
                strlen($request->method),
                $header,
                strlen($header ?? ''),
                $count,
                $request->query,
                strlen($request->query),
                $request->route,
                strlen($request->route ?? ''),
                $account,
                strlen($account ?? ''),
                $request->body,
                strlen($request->body),
                $now,
                $native->result,
            );
        } else {
            [, $ring, $failure] = $this->ring($request, $header, $count, $keyring);
            $status = $native->ffi->hookproof_verifier_verify_with_keyring(
                $this->handle,
                $ring?->handle(),
                $request->method,
                strlen($request->method),
                $header,
                strlen($header ?? ''),
                $count,
                $request->query,
                strlen($request->query),
                $request->route,
                strlen($request->route ?? ''),
                $account,
                strlen($account ?? ''),
                $request->body,
                strlen($request->body),
                $now,
                $native->result,
            );
        }
        $handle = $native->result[0];
        $result = $handle === null ? null : new Result($native, $handle);
        if ($status !== Abi::OK || $result === null) {
            throw Refusals::of($native, $status, $handle, $failure);
        }
        return $result;
    }

    private function taken(): ?Result
    {
        $handle = $this->native->result[0];
        return $handle === null ? null : new Result($this->native, $handle);
    }

    /**
     * @return array{bool, ?Keyring, ?\Throwable} whether the call has a keyring of its own, which, and why it has none
     */
    private function ring(
        #[\SensitiveParameter] Request $request,
        #[\SensitiveParameter] ?string $header,
        int $count,
        ?Keyring $keyring,
    ): array {
        if ($keyring !== null || $this->source === null) {
            return [$keyring !== null, $keyring, null];
        }
        [$status, $account] = $this->native->untrustedAccount($this->handle, $header, $count, $request);
        if ($status !== Abi::OK) {
            // The verifier says so itself, in its own order.
            return [true, null, null];
        }
        try {
            return [true, $this->source->load($account), null];
        } catch (\Throwable $failure) {
            return [true, null, $failure];
        }
    }

    /** The time of a store's answer, which may have taken until the token was stale. A time that was given stands still. */
    private function clockOf(?int $now): \Closure
    {
        return $now === null ? $this->clock : static fn (): int => $now;
    }

    private static function keyring(#[\SensitiveParameter] array|Keyring $keys): Keyring
    {
        return $keys instanceof Keyring ? $keys : new Keyring($keys);
    }
}
