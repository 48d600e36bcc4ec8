<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Where the number is.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class RoamingNetwork extends Record
{
    /** @internal */
    public const FIELDS = [
        'status' => ['status', 'plain'],
        'roaming_country_code' => ['roamingCountryCode', 'plain'],
        'roaming_network_code' => ['roamingNetworkCode', 'plain'],
        'roaming_network_name' => ['roamingNetworkName', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * Whether it is abroad.
         *
         * @var 'roaming'|'not_roaming'|'unknown'|string|null
         */
        public ?string $status = null,
        /** The country that it is in: ISO 3166-1 alpha-2. */
        public ?string $roamingCountryCode = null,
        /** The network that it is in. */
        public ?string $roamingNetworkCode = null,
        /** The network's name. */
        public ?string $roamingNetworkName = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
