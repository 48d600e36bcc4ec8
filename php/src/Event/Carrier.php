<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A network.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Carrier extends Record
{
    /** @internal */
    public const FIELDS = [
        'network_code' => ['networkCode', 'plain'],
        'name' => ['name', 'plain'],
        'country' => ['country', 'plain'],
        'network_type' => ['networkType', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Mobile country code and mobile network code. */
        public ?string $networkCode = null,
        /** Its name. */
        public ?string $name = null,
        /** Its country: ISO 3166-1 alpha-2. */
        public ?string $country = null,
        /**
         * What kind of network it is.
         *
         * @var 'mobile'|'landline'|'landline_premium'|'landline_tollfree'|'virtual'|'unknown'|'pager'|string|null
         */
        public ?string $networkType = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
