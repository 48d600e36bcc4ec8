<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Why a message did not arrive.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class LegacyError extends Record
{
    /** @internal */
    public const FIELDS = [
        'code' => ['code', 'plain'],
        'reason' => ['reason', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The code. */
        public ?int $code = null,
        /** What it is, in words. */
        public ?string $reason = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
