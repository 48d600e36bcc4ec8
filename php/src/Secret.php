<?php

declare(strict_types=1);

namespace Hookproof;

/**
 * A signature secret with its label and, for a rotation, its dates: Unix seconds or times, both inclusive. It is used as
 * these bytes: nothing is trimmed or decoded.
 */
final class Secret
{
    use NotCopied;

    public readonly ?int $notBefore;
    public readonly ?int $notAfter;
    private readonly \SensitiveParameterValue $value;

    public function __construct(
        public readonly string $label,
        #[\SensitiveParameter] string $value,
        int|\DateTimeInterface|null $notBefore = null,
        int|\DateTimeInterface|null $notAfter = null,
    ) {
        $this->value = new \SensitiveParameterValue($value);
        $this->notBefore = $notBefore instanceof \DateTimeInterface ? $notBefore->getTimestamp() : $notBefore;
        $this->notAfter = $notAfter instanceof \DateTimeInterface ? $notAfter->getTimestamp() : $notAfter;
    }

    /** @internal */
    public function reveal(): string
    {
        return $this->value->getValue();
    }
}
