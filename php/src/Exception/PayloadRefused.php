<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family payload: payload.too_large, payload.mismatch.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class PayloadRefused extends WebhookRefused
{
}
