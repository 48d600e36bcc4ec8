<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family key: key.unknown, key.inactive, key.mismatch, key.unavailable.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class KeyRefused extends WebhookRefused
{
}
