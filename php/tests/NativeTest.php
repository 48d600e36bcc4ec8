<?php

declare(strict_types=1);

namespace Hookproof\Tests;

use Hookproof\Abi;
use PHPUnit\Framework\TestCase;

/** How the library is found, and what is said when it is not. */
final class NativeTest extends TestCase
{
    private static string $library;

    public static function setUpBeforeClass(): void
    {
        self::$library = (string) realpath(getenv('HOOKPROOF_LIBRARY') ?: 'HOOKPROOF_LIBRARY is not set');
        self::assertFileExists(self::$library, 'HOOKPROOF_LIBRARY names no file: run php/run');
    }

    /** A program of PHP, in a process of its own. */
    private function php(string $code, array $environment, string ...$options): string
    {
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        $say = 'try { echo Hookproof\Native::get()->origin; } catch (Throwable $e) { echo get_class($e), ": ", $e->getMessage(); }';
        return $this->process([PHP_BINARY, ...$options, '-r', "require $autoload; $code $say"], $environment);
    }

    private function process(array $command, array $environment): string
    {
        $environment += ['PATH' => getenv('PATH')];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, $environment);
        $said = stream_get_contents($pipes[1]);
        proc_close($process);
        return $said;
    }

    private function compiled(string $source): string
    {
        $folder = Fixture::folder();
        file_put_contents("$folder/lib.c", $source);
        self::assertSame('', $this->process(['cc', '-shared', '-fPIC', '-o', "$folder/lib.so", "$folder/lib.c"], []));
        return "$folder/lib.so";
    }

    public function testTheOrderOfTheSearch(): void
    {
        $library = self::$library;
        self::assertSame("HOOKPROOF_LIBRARY=$library", $this->php('', ['HOOKPROOF_LIBRARY' => $library]));
        self::assertSame($library, $this->php("Hookproof\\Native::load('$library');", ['HOOKPROOF_LIBRARY' => '/nowhere.so']));
        self::assertSame('libhookproof.so.0.1', $this->php('', ['LD_LIBRARY_PATH' => dirname($library)]));
    }

    public function testAPathThatIsGivenIsNotReplacedByAnother(): void
    {
        $said = $this->php('', ['HOOKPROOF_LIBRARY' => '/nowhere.so', 'LD_LIBRARY_PATH' => dirname(self::$library)]);
        self::assertStringStartsWith('Hookproof\Exception\LibraryException: /nowhere.so: ', $said);
    }

    public function testNothingFoundNamesEveryPlace(): void
    {
        $said = $this->php('', []);
        foreach (['ffi.preload', 'lib/linux-', 'libhookproof.so.0.1', 'HOOKPROOF_LIBRARY', 'doctor'] as $word) {
            self::assertStringContainsString($word, $said);
        }
    }

    public function testAnotherLibraryIsCalledSo(): void
    {
        $said = $this->php('', ['HOOKPROOF_LIBRARY' => $this->compiled('int other(void) { return 0; }')]);
        self::assertStringContainsString('this is not libhookproof', $said);
    }

    public function testAnotherAbiIsCalledSo(): void
    {
        // One that lacks functions, and one that has them all.
        $number = 'unsigned hookproof_abi_version(void) { return 7; }';
        $said = $this->php('', ['HOOKPROOF_LIBRARY' => $this->compiled($number)]);
        self::assertStringContainsString('the library has the ABI 7 and an older version', $said);
        preg_match_all('/\b(hookproof_\w+)\(/', file_get_contents(dirname(__DIR__) . '/src/hookproof.ffi.h'), $names);
        foreach (array_diff($names[1], ['hookproof_abi_version']) as $name) {
            $number .= " void $name(void) {}";
        }
        $said = $this->php('', ['HOOKPROOF_LIBRARY' => $this->compiled($number)]);
        self::assertStringContainsString('the library has the ABI 7, this package needs ' . Abi::ABI_VERSION, $said);
    }

    public function testAMissingExtensionIsCalledSo(): void
    {
        self::assertStringContainsString('extension ffi', $this->php('', ['HOOKPROOF_LIBRARY' => self::$library], '-n'));
    }

    public function testThePackagesOwnProgram(): void
    {
        $program = dirname(__DIR__) . '/bin/hookproof-php';
        $environment = ['HOOKPROOF_LIBRARY' => self::$library];
        self::assertStringContainsString('self-test   a webhook was signed and verified', $this->process([$program, 'doctor'], $environment));
        self::assertStringContainsString('Tried:', $this->process([$program, 'doctor'], []));
        $header = $this->process([$program, 'header', '--library', self::$library], []);
        self::assertStringStartsWith("#define FFI_SCOPE \"HOOKPROOF\"\n#define FFI_LIB \"" . self::$library . "\"\n", $header);
        self::assertStringContainsString('usage:', $this->process([$program, 'other'], []));

        // A copy of the package, as an archive of it would be unpacked.
        $folder = Fixture::folder();
        exec('cp -r ' . escapeshellarg(dirname(__DIR__)) . '/. ' . escapeshellarg($folder));
        $program = "$folder/bin/hookproof-php";
        self::assertStringContainsString('and not the one that is expected', $this->process(
            [$program, 'install-lib', '--from', self::$library, '--sha256', str_repeat('0', 64)],
            [],
        ));
        $digest = hash_file('sha256', self::$library);
        self::assertStringContainsString($digest, $this->process([$program, 'install-lib', '--from', self::$library, '--sha256', $digest], []));
        $said = $this->process([$program, 'doctor'], []);
        self::assertStringContainsString("from $folder/lib/linux-", $said);
    }

    public function testTheDeclarationsAreThoseOfTheLibrary(): void
    {
        $declared = preg_match_all('/\b(hookproof_\w+)\(/', file_get_contents(dirname(__DIR__) . '/src/hookproof.ffi.h'), $names);
        $exported = file(dirname(__DIR__, 2) . '/tests/abi/symbols.txt', FILE_IGNORE_NEW_LINES);
        $exported = array_filter($exported, static fn (string $line): bool => str_starts_with($line, 'hookproof_'));
        sort($names[1]);
        sort($exported);
        self::assertGreaterThan(100, $declared);
        self::assertSame($exported, $names[1]);
    }
}
