<?php

declare(strict_types=1);

namespace Hookproof\Testing;

use FFI\CData;
use Hookproof\Abi;
use Hookproof\Exception\ConfigException;
use Hookproof\Native;
use Hookproof\NotCopied;
use Hookproof\Refusals;
use Hookproof\Request;

/** Stands in for Vonage in the tests of your program. */
final class Signer
{
    use NotCopied;

    private readonly Native $native;
    private readonly CData $handle;
    private readonly \Closure $clock;

    /**
     * @param (callable(): int)|null $clock Unix seconds; the system's clock unless given
     *
     * @throws ConfigException
     */
    public function __construct(
        public readonly string $apiKey,
        #[\SensitiveParameter] string $secret,
        ?string $applicationId = null,
        ?callable $clock = null,
    ) {
        $this->native = Native::get();
        $this->clock = $clock === null ? time(...) : $clock(...);
        [$status, $handle] = $this->native->newSigner($apiKey, $secret);
        $this->handle = $handle ?? throw new ConfigException('secret: ' . Refusals::sentence($this->native, $status));
        if ($applicationId !== null) {
            $this->check($this->native->ffi->hookproof_signer_set_application_id(
                $handle,
                $applicationId,
                strlen($applicationId),
            ));
        }
    }

    /** The value of the header for a webhook with this body. */
    public function sign(string $body, ?string $jti = null, ?int $issuedAt = null): string
    {
        $jti ??= self::jti();
        return $this->signed($this->native->ffi->hookproof_signer_sign_body(
            $this->handle,
            $body,
            strlen($body),
            $issuedAt ?? ($this->clock)(),
            $jti,
            strlen($jti),
        ));
    }

    /** The value of the header for a GET with this raw query. */
    public function signQuery(string $query, ?string $jti = null, ?int $issuedAt = null): string
    {
        $jti ??= self::jti();
        return $this->signed($this->native->ffi->hookproof_signer_sign_query(
            $this->handle,
            $query,
            strlen($query),
            $issuedAt ?? ($this->clock)(),
            $jti,
            strlen($jti),
        ));
    }

    /**
     * The parameters of an SMS webhook with the SMS API's own signature, as a form or query, or as one flat JSON object.
     * `$parameters`: them as a raw query, api-key among them.
     */
    public function signSms(
        string $parameters,
        string $method = 'sha256',
        bool $asJson = false,
        ?string $nonce = null,
        ?int $timestamp = null,
    ): string {
        $nonce ??= self::jti();
        return $this->signed($this->native->ffi->hookproof_signer_sign_sms(
            $this->handle,
            $method,
            strlen($method),
            $asJson ? Abi::SMS_JSON : Abi::SMS_FORM,
            $parameters,
            strlen($parameters),
            $timestamp ?? ($this->clock)(),
            $nonce,
            strlen($nonce),
        ));
    }

    /**
     * The value of the header for a token with these claims, or with these bytes as its claims, whatever they are.
     *
     * @param array<string, mixed>|string $claims
     */
    public function signClaims(array|string $claims): string
    {
        $claims = is_array($claims) ? json_encode($claims, JSON_THROW_ON_ERROR) : $claims;
        return $this->signed(
            $this->native->ffi->hookproof_signer_sign_claims($this->handle, $claims, strlen($claims)),
        );
    }

    /** A whole webhook with this body. */
    public function request(string $body, ?string $jti = null, ?int $issuedAt = null): Request
    {
        return Request::post($this->sign($body, $jti, $issuedAt), $body);
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->native->ffi->hookproof_signer_free($this->handle);
        }
    }

    private function signed(int $status): string
    {
        $this->check($status);
        return $this->native->text($this->native->ffi->hookproof_signer_header($this->handle));
    }

    private function check(int $status): void
    {
        if ($status !== Abi::OK) {
            throw new ConfigException('signer: ' . Refusals::sentence($this->native, $status));
        }
    }

    private static function jti(): string
    {
        return bin2hex(random_bytes(16));
    }
}
