<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A button that was pressed.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Button extends Record
{
    /** @internal */
    public const FIELDS = [
        'payload' => ['payload', ['either', 'plain', 'any']],
        'text' => ['text', 'plain'],
        'subtype' => ['subtype', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * What your message gave it, or the answers of a flow.
         *
         * @var string|array<string, mixed>|null
         */
        public array|string|null $payload = null,
        /** What it says. */
        public ?string $text = null,
        /** What kind of button it is. */
        public ?string $subtype = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
