<?php

declare(strict_types=1);

namespace Hookproof\Exception;

use Hookproof\Reason;

/**
 * A request that is refused. Its text is one line for logs, without token, body or secret; do not send it to the client.
 * The code of the exception is the reason's number.
 *
 * Each family of reasons has a class of its own; this one is for a reason that this version does not know.
 */
class WebhookRefused extends \RuntimeException implements HookproofException
{
    /**
     * @internal
     *
     * @param list<string> $lints
     */
    final public function __construct(
        string $message,
        int $code,
        /** Why; null for a reason that this version does not know. */
        public readonly ?Reason $reason,
        /** The dotted name of the reason, also of one that this version does not know. */
        public readonly string $reasonName,
        /** What to answer, by the verifier's table of advice. */
        public readonly int $httpStatus,
        /** Whether the sender tries again after this answer. */
        public readonly bool $retry,
        /** Seconds for the field Retry-After; null: send none. */
        public readonly ?int $retryAfter,
        /** What usually causes it, for whoever runs the server. */
        public readonly string $hint,
        /** The account that the request names. Anybody may have written it. */
        public readonly ?string $untrustedApiKey,
        /** The label of the secret that the signature fits, where it got so far. */
        public readonly ?string $keyLabel,
        /** The keyring that was asked; null where that is not known, and for one that came with the call. */
        public readonly ?int $keyringGeneration,
        /** Seconds from iat to the check, of a token whose signature was good. */
        public readonly ?int $ageSeconds,
        /**
         * What looks wrong about the account's secrets.
         *
         * @var list<string>
         */
        public readonly array $lints,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, $code, $previous);
    }
}
