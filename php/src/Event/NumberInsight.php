<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What is known of a number.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class NumberInsight extends Record
{
    /** @internal */
    public const FIELDS = [
        'status' => ['status', 'plain'],
        'status_message' => ['statusMessage', 'plain'],
        'lookup_outcome' => ['lookupOutcome', 'plain'],
        'lookup_outcome_message' => ['lookupOutcomeMessage', 'plain'],
        'international_format_number' => ['internationalFormatNumber', 'plain'],
        'national_format_number' => ['nationalFormatNumber', 'plain'],
        'country_code' => ['countryCode', 'plain'],
        'country_code_iso3' => ['countryCodeIso3', 'plain'],
        'country_name' => ['countryName', 'plain'],
        'country_prefix' => ['countryPrefix', 'plain'],
        'request_price' => ['requestPrice', 'decimal'],
        'refund_price' => ['refundPrice', 'decimal'],
        'remaining_balance' => ['remainingBalance', 'decimal'],
        'current_carrier' => ['currentCarrier', ['record', Carrier::class]],
        'original_carrier' => ['originalCarrier', ['record', Carrier::class]],
        'valid_number' => ['validNumber', 'plain'],
        'reachable' => ['reachable', 'plain'],
        'ported' => ['ported', 'plain'],
        'roaming' => ['roaming', ['either', ['record', RoamingNetwork::class], 'plain']],
        'caller_identity' => ['callerIdentity', ['record', CallerIdentity::class]],
        'ip' => ['ip', 'any'],
        'ip_warnings' => ['ipWarnings', 'plain'],
        'error_text' => ['errorText', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Whether the request was carried out; 0 if it was. */
        public ?int $status = null,
        /** The same in words. */
        public ?string $statusMessage = null,
        /** Whether everything was found: 0 all, 1 a part, 2 nothing. */
        public ?int $lookupOutcome = null,
        /** The same in words. */
        public ?string $lookupOutcomeMessage = null,
        /** The number, with its country. */
        public ?string $internationalFormatNumber = null,
        /** The number, as it is dialled in its country. */
        public ?string $nationalFormatNumber = null,
        /** The country: ISO 3166-1 alpha-2. */
        public ?string $countryCode = null,
        /** The country: ISO 3166-1 alpha-3. */
        public ?string $countryCodeIso3 = null,
        /** The country's name. */
        public ?string $countryName = null,
        /** The country's calling code. */
        public ?string $countryPrefix = null,
        /**
         * What the request cost.
         *
         * @var numeric-string|null
         */
        public ?string $requestPrice = null,
        /**
         * What is paid back of it.
         *
         * @var numeric-string|null
         */
        public ?string $refundPrice = null,
        /**
         * What the account has left.
         *
         * @var numeric-string|null
         */
        public ?string $remainingBalance = null,
        /** The network that serves the number. */
        public ?Carrier $currentCarrier = null,
        /** The network that the number was first given to. */
        public ?Carrier $originalCarrier = null,
        /**
         * Whether the number can exist.
         *
         * @var 'valid'|'not_valid'|'unknown'|'inferred'|'inferred_not_valid'|string|null
         */
        public ?string $validNumber = null,
        /**
         * Whether the number can be reached.
         *
         * @var 'reachable'|'unknown'|'undeliverable'|'absent'|'bad_number'|'blacklisted'|string|null
         */
        public ?string $reachable = null,
        /**
         * Whether the number has changed its network.
         *
         * @var 'ported'|'not_ported'|'unknown'|'assumed_ported'|'assumed_not_ported'|string|null
         */
        public ?string $ported = null,
        /**
         * Whether the number is abroad.
         *
         * @var RoamingNetwork|string|null
         */
        public RoamingNetwork|string|null $roaming = null,
        /** Who the number belongs to. */
        public ?CallerIdentity $callerIdentity = null,
        /**
         * Where the user's internet address is, in old versions.
         *
         * @var array<string, mixed>|null
         */
        public ?array $ip = null,
        /** What is odd about the internet address, in old versions. */
        public ?string $ipWarnings = null,
        /** Why something was not found. */
        public ?string $errorText = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
