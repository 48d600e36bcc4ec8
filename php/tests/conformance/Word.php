<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

/** The generic words of the vector files. */
final class Word
{
    private const WORDS = [
        'unsigned' => ['header.missing', 'sms.unsigned'],
        'malformed_header' => ['header.malformed', 'header.duplicated'],
        'malformed_token' => ['token.malformed', 'claims.malformed', 'sms.malformed'],
        'unsupported_algorithm' => ['token.algorithm'],
        'unsupported_critical' => ['token.critical'],
        'too_large' => ['token.too_large', 'payload.too_large'],
        'unknown_key' => ['key.unknown', 'key.inactive', 'key.mismatch', 'key.unavailable'],
        'bad_signature' => ['signature.invalid', 'sms.signature_invalid'],
        'missing_claim' => ['claims.missing', 'sms.missing'],
        'wrong_issuer' => ['issuer.mismatch'],
        'wrong_application' => ['application.mismatch'],
        'stale' => ['time.stale'],
        'from_future' => ['time.future'],
        'expired' => ['time.expired'],
        'not_yet_valid' => ['time.not_yet_valid'],
        'payload_mismatch' => ['payload.mismatch'],
        'replayed' => ['replay.duplicate'],
        'in_progress' => ['replay.in_progress'],
        'store_full' => ['replay.store_full'],
        'store_unavailable' => ['replay.store_unavailable'],
        'unsupported_request' => ['request.unsupported'],
    ];

    /** The word of a reason; a name without one is its own word. */
    public static function of(string $reason): string
    {
        foreach (self::WORDS as $word => $reasons) {
            if (in_array($reason, $reasons, true)) {
                return $word;
            }
        }
        return $reason;
    }

    /** One reason has two words: a store that cannot be asked, and one that knows too little to answer. */
    public static function names(string $word, string $reason): bool
    {
        return $word === self::of($reason) || ($word === 'cold_start' && $reason === 'replay.store_unavailable');
    }
}
