<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Reason;

/** What must come out of a request. */
final readonly class Expectation
{
    /** @param list<string> $words */
    private function __construct(
        /** `accept`, `reject` or `signature`. */
        private string $what,
        private array $words = [],
        private ?string $reason = null,
        private bool $signatureOk = false,
    ) {
    }

    /** The members `expect`, `reason` and, by the name it has in the format, the list of words. */
    public static function read(Entry $case, string $words): self
    {
        $reason = $case->optionalText('reason') ?: null;
        $list = array_map(static fn (mixed $word): string => $case->asText($word, $words), $case->list($words));
        return match (true) {
            $case->text('expect') === 'reject' => new self('reject', $list, $reason),
            $case->text('expect') !== 'accept' => throw $case->fault('expect is neither accept nor reject'),
            $reason !== null => throw $case->fault('a case to accept has a reason'),
            default => new self('accept'),
        };
    }

    /** Whether the signature holds: accepted or refused by a later check, or else refused by it or before it. */
    public static function signature(bool $isGood): self
    {
        return new self('signature', signatureOk: $isGood);
    }

    public static function configError(): self
    {
        return new self('reject', reason: 'config_error');
    }

    public function holds(string $reason, int $code): bool
    {
        if ($this->what === 'signature') {
            // The numbers follow the order of the checks, but for the unsupported request, which is judged first of all.
            $isPast = in_array($reason, ['', Reason::SmsMissing->value], true)
                || ($code > Reason::SignatureInvalid->code() && $code < Reason::RequestUnsupported->code());
            return $this->signatureOk === $isPast;
        }
        if ($this->what === 'accept') {
            return $reason === '';
        }
        $isNamed = $this->words === [];
        foreach ($this->words as $word) {
            $isNamed = $isNamed || Word::names($word, $reason);
        }
        return $reason !== '' && $isNamed && in_array($this->reason, [null, $reason], true);
    }

    public function __toString(): string
    {
        return match ($this->what) {
            'signature' => 'signature_ok ' . ($this->signatureOk ? 'true' : 'false'),
            'accept' => 'accept',
            default => 'reject' . ($this->words === [] ? '' : ' ' . implode('|', $this->words))
                . ($this->reason === null ? '' : " ({$this->reason})"),
        };
    }
}
