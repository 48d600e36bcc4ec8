<?php

declare(strict_types=1);

namespace Hookproof;

use FFI\CData;
use Hookproof\Exception\CallException;
use Hookproof\Exception\WebhookRefused;

/**
 * Exceptions of what the library answered.
 *
 * @internal
 */
final class Refusals
{
    /** The exception of a status that is not 0. */
    public static function of(Native $native, int $status, ?CData $result, ?\Throwable $previous = null): \Throwable
    {
        $ffi = $native->ffi;
        if ($result === null || !$ffi->hookproof_status_is_refusal($status)) {
            return new CallException(self::sentence($native, $status), $status, $previous);
        }
        $text = static fn (CData $text): ?string => $text->len === 0 ? null : $native->text($text);
        $reason = Reason::ofCode($status);
        $lints = [];
        for ($index = 0; $index < $ffi->hookproof_result_lint_count($result); $index++) {
            $lints[] = $native->text($ffi->hookproof_result_lint($result, $index));
        }
        $class = $reason === null ? WebhookRefused::class : $reason->exception();
        return new $class(
            $native->text($ffi->hookproof_result_detail($result)),
            $status,
            $reason,
            $reason === null ? "unknown.$status" : $reason->value,
            $ffi->hookproof_result_http_status($result),
            $ffi->hookproof_result_sender_retries($result),
            $ffi->hookproof_result_retry_after($result) ?: null,
            $reason === null ? $native->text($ffi->hookproof_status_hint($status)) : $reason->hint(),
            $text($ffi->hookproof_result_untrusted_api_key($result)),
            $text($ffi->hookproof_result_key_label($result)),
            $ffi->hookproof_result_keyring_generation($result) ?: null,
            $native->age($result),
            $lints,
            $previous,
        );
    }

    public static function sentence(Native $native, int $status): string
    {
        return $native->text($native->ffi->hookproof_status_name($status)) . ': '
            . $native->text($native->ffi->hookproof_status_message($status));
    }
}
