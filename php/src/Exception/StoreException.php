<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/** A claim could not be confirmed or released, because the store did not answer: it ends with its lease. */
final class StoreException extends \RuntimeException implements HookproofException
{
}
