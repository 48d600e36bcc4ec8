<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Why a message did not arrive.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Problem extends Record
{
    /** @internal */
    public const FIELDS = [
        'problem_type' => ['problemType', 'plain'],
        'title' => ['title', ['either', 'plain', 'plain']],
        'detail' => ['detail', 'plain'],
        'instance' => ['instance', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** A page about it. */
        public ?string $problemType = null,
        /**
         * Its code.
         *
         * @var string|int|null
         */
        public int|string|null $title = null,
        /** What it is, in words. */
        public ?string $detail = null,
        /** Its own id, for the support. */
        public ?string $instance = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
