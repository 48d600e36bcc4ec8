<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

/** What came of one case, whatever its format. */
final readonly class Finding
{
    public function __construct(
        public string $id,
        /** What was answered, in one word or in one for each step. */
        public string $verdict,
        /** The dotted name of the refusal; empty without one. */
        public string $reason = '',
        /** `passed`, `failed`, `disputed` or `not_applicable`. */
        public string $countsAs = 'passed',
        public string $expected = '',
        public string $got = '',
        /** The JSON of the event that was read, where the format asks for it. */
        public ?string $event = null,
    ) {
    }

    public static function notApplicable(string $id): self
    {
        return new self($id, 'not_applicable', countsAs: 'not_applicable');
    }
}
