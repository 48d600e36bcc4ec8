<?php

declare(strict_types=1);

namespace Hookproof;

use FFI\CData;
use Hookproof\Exception\LibraryException;

use function strlen;

/**
 * The library, and the only class that touches \FFI: PHP allows that to preloaded classes even where it is restricted.
 *
 * Looked for in this order: the path given to load(); the scope HOOKPROOF of `ffi.preload`; the path in the environment's
 * HOOKPROOF_LIBRARY; the package's own folder lib; the system's libraries, by the soname.
 *
 * Every object keeps a reference to this one, so that the library stays as long as a handle of it.
 */
final class Native
{
    use NotCopied;

    public const ENVIRONMENT = 'HOOKPROOF_LIBRARY';

    private static ?self $instance = null;

    /** Where the library came from, in words for a log. */
    public readonly string $origin;

    /** The C functions. */
    public readonly \FFI $ffi;

    /** Where C puts a result. PHP runs one call at a time, and what is there is taken over at once. */
    public readonly CData $result;

    /** @var array<string, CData> where it puts everything else, by its type */
    private array $slots = [];

    private function __construct(\FFI $ffi, string $origin)
    {
        $this->ffi = $ffi;
        $this->origin = $origin;
        $this->result = $ffi->new('hookproof_result *[1]');
    }

    /** The library, loaded at the first call. */
    public static function get(): self
    {
        return self::$instance ??= self::search();
    }

    /**
     * Loads the library from a path, before anything else uses it.
     *
     * @throws LibraryException if it is not there, is no such library, or another one is loaded already
     */
    public static function load(string $path): self
    {
        if (self::$instance !== null && self::$instance->origin !== $path) {
            throw new LibraryException('another library is in use already: ' . self::$instance->origin);
        }
        return self::$instance ??= self::open($path, $path);
    }

    /**
     * The declarations, as FFI::cdef() wants them, or with the two lines that FFI::load() and `ffi.preload` want.
     */
    public static function declarations(?string $library = null): string
    {
        $text = file_get_contents(__DIR__ . '/hookproof.ffi.h');
        if ($text === false) {
            throw new LibraryException(__DIR__ . '/hookproof.ffi.h cannot be read');
        }
        if ($library === null) {
            return preg_replace('/^#.*\n/m', '', $text);
        }
        return preg_replace('/^(#define FFI_LIB) .*$/m', '$1 "' . addcslashes($library, '"\\$') . '"', $text);
    }

    /** The name by which the system's loader knows the library. */
    public static function soname(): string
    {
        preg_match('/^#define FFI_LIB "(.*)"$/m', (string) file_get_contents(__DIR__ . '/hookproof.ffi.h'), $found);
        return $found[1] ?? 'libhookproof.so';
    }

    /** Where a library that comes with the package lies. */
    public static function bundledPath(): string
    {
        $platform = strtolower(PHP_OS_FAMILY) . (self::isMusl() ? '-musl' : '') . '-' . strtolower(php_uname('m'));
        return dirname(__DIR__) . "/lib/$platform/libhookproof.so";
    }

    /** Whether this is a system with musl in place of glibc, such as Alpine: it needs a library built for it. */
    public static function isMusl(): bool
    {
        // Where open_basedir forbids to look, glob() says false.
        $has = static fn (string $loader): bool => (glob($loader) ?: []) !== [];
        return PHP_OS_FAMILY === 'Linux' && $has('/lib/ld-musl-*.so.1') && !$has('/lib*/ld-linux-*.so.*');
    }

    public function version(): string
    {
        return $this->text($this->ffi->hookproof_version());
    }

    public function features(): string
    {
        return $this->text($this->ffi->hookproof_features());
    }

    /** A text that C lends out, copied. */
    public function text(CData $text): string
    {
        return $text->len === 0 ? '' : \FFI::string($text->ptr, $text->len);
    }

    /** @return array{int, ?CData} the status and the new handle */
    public function newVerifier(?CData $policy, ?CData $keyring): array
    {
        $slot = $this->slot('hookproof_verifier *[1]');
        $status = $this->ffi->hookproof_verifier_new($policy, $keyring, $slot);
        return [$status, $slot[0]];
    }

    /** @return array{int, ?CData} */
    public function newMemoryStore(int $capacity, int $coldStart, int $now): array
    {
        $slot = $this->slot('hookproof_store *[1]');
        $status = $this->ffi->hookproof_store_new_memory($capacity, $coldStart, $now, $slot);
        return [$status, $slot[0]];
    }

    /** @return array{int, ?CData} */
    public function newFileStore(string $path, int $durability): array
    {
        $slot = $this->slot('hookproof_store *[1]');
        $status = $this->ffi->hookproof_store_new_file($path, strlen($path), $durability, $slot);
        return [$status, $slot[0]];
    }

    /** @return array{int, ?CData} */
    public function newHostStore(string $namespace): array
    {
        $slot = $this->slot('hookproof_store *[1]');
        $status = $this->ffi->hookproof_store_new_host($namespace, strlen($namespace), $slot);
        return [$status, $slot[0]];
    }

    /** @return array{int, ?CData} */
    public function newEvent(CData $result, #[\SensitiveParameter] string $body): array
    {
        $slot = $this->slot('hookproof_event *[1]');
        $status = $this->ffi->hookproof_event_new($result, $body, strlen($body), $slot);
        return [$status, $slot[0]];
    }

    /** @return array{int, ?CData} */
    public function newUnsignedEvent(int $carrier, #[\SensitiveParameter] string $payload): array
    {
        $slot = $this->slot('hookproof_event *[1]');
        $status = $this->ffi->hookproof_event_new_unsigned($carrier, $payload, strlen($payload), $slot);
        return [$status, $slot[0]];
    }

    /** @return array{int, ?CData} */
    public function newSigner(string $apiKey, #[\SensitiveParameter] string $secret): array
    {
        $slot = $this->slot('hookproof_signer *[1]');
        $status = $this->ffi->hookproof_signer_new($apiKey, strlen($apiKey), $secret, strlen($secret), $slot);
        return [$status, $slot[0]];
    }

    /** The age of a token, where it is known. */
    public function age(CData $result): ?int
    {
        $slot = $this->slot('int64_t[1]');
        return $this->ffi->hookproof_result_age_seconds($result, $slot) ? $slot[0] : null;
    }

    /** @return array{int, string} the status, and the account that a request names: it proves nothing */
    public function untrustedAccount(
        CData $verifier,
        #[\SensitiveParameter] ?string $header,
        int $headerCount,
        #[\SensitiveParameter] Request $request,
    ): array {
        $length = $this->slot('size_t[1]');
        $account = $this->slot('char[' . (Abi::MAX_API_KEY_BYTES + 1) . ']');
        $status = $this->ffi->hookproof_verifier_untrusted_account(
            $verifier,
            $request->method,
            strlen($request->method),
            $header,
            strlen($header ?? ''),
            $headerCount,
            $request->query,
            strlen($request->query),
            $request->route,
            strlen($request->route ?? ''),
            $request->body,
            strlen($request->body),
            $account,
            Abi::MAX_API_KEY_BYTES + 1,
            $length,
        );
        return [$status, $status === Abi::OK ? \FFI::string($account, $length[0]) : ''];
    }

    /** Where C puts a claim. */
    public function claimSlot(): CData
    {
        return $this->slot('hookproof_claim *[1]');
    }

    private function slot(string $type): CData
    {
        return $this->slots[$type] ??= $this->ffi->new($type);
    }

    private static function search(): self
    {
        $tried = [];
        try {
            return self::checked(\FFI::scope('HOOKPROOF'), 'ffi.preload');
        } catch (\FFI\Exception $failure) {
            $tried[] = 'the scope HOOKPROOF of ffi.preload: ' . $failure->getMessage();
        } catch (\Error $failure) {
            if (!extension_loaded('ffi')) {
                throw new LibraryException(
                    'PHP has no extension ffi: install it (Debian: in php8.2-common; Docker: docker-php-ext-install ffi)'
                    . ' and load it with `extension=ffi`',
                );
            }
            throw $failure;
        }
        $given = getenv(self::ENVIRONMENT);
        if ($given === false && isset($_SERVER[self::ENVIRONMENT])) {
            $given = (string) $_SERVER[self::ENVIRONMENT];
        }
        if ($given !== false && $given !== '') {
            // A path that was given and does not work must not lead to another library.
            return self::open($given, self::ENVIRONMENT . "=$given");
        }
        foreach ([self::bundledPath(), self::soname()] as $path) {
            if (str_contains($path, '/') && !is_file($path)) {
                $tried[] = "$path: is not there";
                continue;
            }
            try {
                return self::open($path, $path);
            } catch (LibraryException $failure) {
                if ($failure->isFinal) {
                    throw $failure;
                }
                $tried[] = $failure->getMessage();
            }
        }
        throw new LibraryException(
            "libhookproof was not found. Tried:\n  " . implode("\n  ", $tried) . "\nInstall it (make install), or name"
            . ' its path in ' . self::ENVIRONMENT . '. `hookproof-php doctor` says more.',
        );
    }

    private static function open(string $path, string $origin): self
    {
        try {
            return self::checked(\FFI::cdef(self::declarations(), $path), $origin);
        } catch (\FFI\Exception $failure) {
            throw self::explained($path, $failure);
        }
    }

    private static function checked(\FFI $ffi, string $origin): self
    {
        $abi = $ffi->hookproof_abi_version();
        if ($abi !== Abi::ABI_VERSION) {
            throw new LibraryException(
                "$origin: the library has the ABI $abi, this package needs " . Abi::ABI_VERSION
                . ' (package ' . Abi::VERSION_STRING . '): install the two in one version'
                . ($origin === 'ffi.preload' ? ', and write the file of ffi.preload again with `hookproof-php header`' : ''),
                isFinal: true,
            );
        }
        return new self($ffi, $origin);
    }

    /** What PHP says of a failure, and what to do. */
    private static function explained(string $path, \FFI\Exception $failure): LibraryException
    {
        $said = $failure->getMessage();
        if (str_contains($said, 'restricted')) {
            $preload = dirname(__DIR__) . '/preload.php';
            return new LibraryException(
                sprintf(
                    "PHP restricts FFI (ffi.enable=%s) and the library is not preloaded (ffi.preload=%s, opcache.preload=%s).\n"
                    . "Either preload it, in php.ini, and restart:\n"
                    . "  ffi.preload = /etc/hookproof.h      (made by `hookproof-php header --library PATH >/etc/hookproof.h`)\n"
                    . "  opcache.preload = %s\n"
                    . '  opcache.preload_user = www-data     (if PHP starts as root)' . "\n"
                    . 'or allow FFI to every script: ffi.enable = true',
                    (string) ini_get('ffi.enable'),
                    ini_get('ffi.preload') ?: 'nothing',
                    ini_get('opcache.preload') ?: 'nothing',
                    $preload,
                ),
                isFinal: true,
            );
        }
        if (str_contains($said, 'resolving')) {
            return new LibraryException("$path: " . self::otherVersion($path, $said), isFinal: true);
        }
        if (str_contains($path, '/')) {
            $said = is_file($path) ? "$said; `ldd $path` says what it lacks" : 'is not there';
        }
        if (self::isMusl()) {
            $said .= '; this system has musl, and takes no library that was built for glibc';
        }
        return new LibraryException("$path: $said");
    }

    /** A library that lacks a function is another one, or another version. */
    private static function otherVersion(string $path, string $said): string
    {
        try {
            $abi = \FFI::cdef('uint32_t hookproof_abi_version(void);', $path)->hookproof_abi_version();
            return "$said: the library has the ABI $abi and an older version than this package, " . Abi::VERSION_STRING
                . ', which needs the ABI ' . Abi::ABI_VERSION;
        } catch (\FFI\Exception) {
            return "$said: this is not libhookproof";
        }
    }
}
