<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A place on earth.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Location extends Record
{
    /** @internal */
    public const FIELDS = [
        'lat' => ['lat', 'decimal'],
        'long' => ['long', 'decimal'],
        'name' => ['name', 'plain'],
        'address' => ['address', 'plain'],
        'url' => ['url', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * Degrees north.
         *
         * @var numeric-string|null
         */
        public ?string $lat = null,
        /**
         * Degrees east.
         *
         * @var numeric-string|null
         */
        public ?string $long = null,
        /** Its name. */
        public ?string $name = null,
        /** Its address. */
        public ?string $address = null,
        /** A page about it. */
        public ?string $url = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
