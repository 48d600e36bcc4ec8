<?php

declare(strict_types=1);

namespace Hookproof;

use Hookproof\Exception\LibraryException;
use Hookproof\Testing\Signer;

/** Says whether the library can be used here, and what is missing: `hookproof-php doctor`, or a page of your server. */
final class Doctor
{
    /**
     * @return array{bool, list<string>} whether all is well, and a line for each thing that was looked at
     */
    public static function examine(): array
    {
        $lines = [
            'package     ' . Abi::VERSION_STRING . ', ABI ' . Abi::ABI_VERSION,
            'PHP         ' . PHP_VERSION . ' (' . PHP_SAPI . ', ' . PHP_OS_FAMILY . ' ' . php_uname('m')
                . (Native::isMusl() ? ', musl' : '') . ')',
            'ffi         ' . (extension_loaded('ffi') ? 'ffi.enable=' . ini_get('ffi.enable') : 'the extension is missing'),
            'ffi.preload ' . (ini_get('ffi.preload') ?: 'nothing'),
            'opcache     ' . (ini_get('opcache.preload') ?: 'preloads nothing'),
            'environment ' . Native::ENVIRONMENT . '=' . (getenv(Native::ENVIRONMENT) ?: ''),
            'bundled     ' . Native::bundledPath() . (is_file(Native::bundledPath()) ? '' : ' is not there'),
            'soname      ' . Native::soname(),
        ];
        if (PHP_SAPI === 'cli') {
            $lines[] = 'note        the command line may always use FFI, and has a php.ini of its own: ask your server too,';
            $lines[] = '            with a page that prints Hookproof\Doctor::examine()';
        }
        try {
            $native = Native::get();
            $lines[] = "library     {$native->version()} from {$native->origin} ({$native->features()})";
            $signer = new Signer('a1b2c3d4', 'a secret');
            (new Verifier(['a1b2c3d4' => 'a secret']))->verify($signer->request('{}'));
            $lines[] = 'self-test   a webhook was signed and verified';
            return [true, $lines];
        } catch (LibraryException $failure) {
            $lines[] = 'library     ' . str_replace("\n", "\n            ", $failure->getMessage());
            return [false, $lines];
        }
    }
}
