<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A picture, sound, film, file, card or sticker.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Media extends Record
{
    /** @internal */
    public const FIELDS = [
        'url' => ['url', 'plain'],
        'name' => ['name', 'plain'],
        'caption' => ['caption', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Where it is. Media of WhatsApp need the application's own credentials. */
        public ?string $url = null,
        /** Its name. */
        public ?string $name = null,
        /** The text that came with it. */
        public ?string $caption = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
