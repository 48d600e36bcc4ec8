<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family header: header.missing, header.malformed, header.duplicated.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class HeaderRefused extends WebhookRefused
{
}
