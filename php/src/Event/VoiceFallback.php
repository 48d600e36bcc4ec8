<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The answer or event URL failed: the response is the call control object to go on with.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceFallback extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid' => ['conversationUuid', 'plain'],
        'endpoint_type' => ['endpointType', 'plain'],
        'region_url' => ['regionUrl', 'plain'],
        'custom_data' => ['customData', 'any'],
        'direction' => ['direction', 'plain'],
        'reason' => ['reason', 'plain'],
        'original_request' => ['originalRequest', ['record', OriginalRequest::class]],
        'sip_headers' => ['sipHeaders', 'any'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation. */
        public ?string $conversationUuid = null,
        /**
         * What the caller calls from.
         *
         * @var 'phone'|'app'|'vbc'|'sip'|'websocket'|string|null
         */
        public ?string $endpointType = null,
        /** Where the API of the call's region is. */
        public ?string $regionUrl = null,
        /** What the customer's application sent along. */
        public mixed $customData = null,
        /**
         * Which way the call goes.
         *
         * @var 'inbound'|'outbound'|string|null
         */
        public ?string $direction = null,
        /** Why the request failed. */
        public ?string $reason = null,
        /** The request that failed. */
        public ?OriginalRequest $originalRequest = null,
        /**
         * All members whose name begins with `SipHeader_`.
         *
         * @var array<string, mixed>|null
         */
        public ?array $sipHeaders = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
