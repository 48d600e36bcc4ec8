<?php

declare(strict_types=1);

namespace Hookproof;

use FFI\CData;
use Hookproof\Exception\ConfigException;

use function in_array;
use function strlen;

/**
 * Hands the options of a verifier to the library.
 *
 * @internal
 */
final class Policy
{
    use NotCopied;

    public readonly CData $handle;

    public function __construct(private readonly Native $native)
    {
        $this->handle = $native->ffi->hookproof_policy_new()
            ?? throw new Exception\CallException('the library could not make a policy');
    }

    public function text(string $setter, ?string $value): void
    {
        if ($value !== null) {
            $this->check($this->native->ffi->{"hookproof_policy_$setter"}($this->handle, $value, strlen($value)));
        }
    }

    /** @param iterable<string> $values */
    public function texts(string $setter, iterable $values): void
    {
        foreach ($values as $value) {
            $this->text($setter, $value);
        }
    }

    /** `$most`: the largest that the C type can hold, for a larger one would come out as another number. */
    public function number(string $setter, ?int $value, int $most = PHP_INT_MAX): void
    {
        if ($value === null) {
            return;
        }
        if ($value < 0 || $value > $most) {
            throw new ConfigException(substr($setter, strlen('set_')) . ': is out of range');
        }
        $this->check($this->native->ffi->{"hookproof_policy_$setter"}($this->handle, $value));
    }

    public function flag(string $setter, bool $isSet): void
    {
        if ($isSet) {
            $this->check($this->native->ffi->{"hookproof_policy_$setter"}($this->handle));
        }
    }

    /** @param list<string> $networks */
    public function networks(array $networks): void
    {
        $this->flag('use_published_networks', in_array('published', $networks, true));
        $this->texts('add_network', array_filter($networks, static fn (string $network): bool => $network !== 'published'));
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->native->ffi->hookproof_policy_free($this->handle);
        }
    }

    private function check(int $status): void
    {
        if ($status !== Abi::OK) {
            $why = $this->native->text($this->native->ffi->hookproof_policy_error($this->handle));
            throw new ConfigException($why !== '' ? $why : Refusals::sentence($this->native, $status));
        }
    }
}
