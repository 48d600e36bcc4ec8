<?php

declare(strict_types=1);

namespace Hookproof;

use FFI\CData;
use Hookproof\Exception\ConfigException;

use function is_string;
use function strlen;

/** The accounts whose webhooks are accepted, each with its secrets and the applications expected. */
final class Keyring implements \Countable
{
    use NotCopied;

    private readonly Native $native;
    private ?CData $handle;

    /**
     * @param array<string, string|Secret|iterable<string|Secret>> $accounts api_key to one or several secrets
     * @param array<string, string|iterable<string>> $applicationIds api_key to the applications that may send
     *
     * @throws ConfigException
     */
    public function __construct(#[\SensitiveParameter] array $accounts = [], array $applicationIds = [])
    {
        $this->native = Native::get();
        $this->handle = $this->native->ffi->hookproof_keyring_new()
            ?? throw new Exception\CallException('the library could not make a keyring');
        foreach ($accounts as $apiKey => $secrets) {
            $this->addSecrets((string) $apiKey, $secrets);
        }
        foreach ($applicationIds as $apiKey => $ids) {
            foreach (is_iterable($ids) ? $ids : [$ids] as $id) {
                $apiKey = (string) $apiKey;
                $this->check($this->native->ffi->hookproof_keyring_add_application_id(
                    $this->handle,
                    $apiKey,
                    strlen($apiKey),
                    $id,
                    strlen($id),
                ));
            }
        }
    }

    /**
     * The keyring of a versioned JSON text, the same in every language.
     *
     * @throws ConfigException
     */
    public static function fromJson(#[\SensitiveParameter] string $json): self
    {
        $keyring = new self();
        $keyring->check($keyring->native->ffi->hookproof_keyring_add_json($keyring->handle, $json, strlen($json)));
        return $keyring;
    }

    /** Stands for secrets that could not be loaded: what is well-formed is then refused as `key.unavailable`. */
    public static function unavailable(): self
    {
        $keyring = new self();
        $keyring->free();
        return $keyring;
    }

    /** The number of accounts. */
    public function count(): int
    {
        return $this->native->ffi->hookproof_keyring_len($this->handle);
    }

    /**
     * What looks wrong about the secrets: `a1b2c3d4/production: ends with a newline`. They are used all the same; log the
     * lints where the program starts.
     *
     * @return list<string>
     */
    public function lints(): array
    {
        $lints = [];
        for ($index = 0; $index < $this->native->ffi->hookproof_keyring_lint_count($this->handle); $index++) {
            $lints[] = $this->native->text($this->native->ffi->hookproof_keyring_lint($this->handle, $index));
        }
        return $lints;
    }

    /**
     * Null where the secrets are unavailable, which C says by NULL too.
     *
     * @internal
     */
    public function handle(): ?CData
    {
        return $this->handle;
    }

    public function __destruct()
    {
        $this->free();
    }

    private function free(): void
    {
        if (isset($this->handle)) {
            $this->native->ffi->hookproof_keyring_free($this->handle);
        }
        $this->handle = null;
    }

    private function addSecrets(string $apiKey, #[\SensitiveParameter] mixed $secrets): void
    {
        $number = 0;
        foreach (is_iterable($secrets) ? $secrets : [$secrets] as $secret) {
            $number++;
            if (!$secret instanceof Secret) {
                if (!is_string($secret)) {
                    throw new ConfigException('keys: a secret must be a string or a Hookproof\Secret');
                }
                $secret = new Secret("key-$number", $secret);
            }
            $value = $secret->reveal();
            $this->check($this->native->ffi->hookproof_keyring_add_dated_secret(
                $this->handle,
                $apiKey,
                strlen($apiKey),
                $secret->label,
                strlen($secret->label),
                $value,
                strlen($value),
                $secret->notBefore ?? PHP_INT_MIN,
                $secret->notAfter ?? PHP_INT_MAX,
            ));
        }
    }

    private function check(int $status): void
    {
        if ($status !== Abi::OK) {
            $why = $this->native->text($this->native->ffi->hookproof_keyring_error($this->handle));
            throw new ConfigException($why !== '' ? $why : Refusals::sentence($this->native, $status));
        }
    }
}
