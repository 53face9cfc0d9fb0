import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { LaunchOptions } from 'playwright-core';

/*
 * The browser in the npm package `@sparticuz/chromium`, an optional dependency for Linux on x64. The package unpacks it
 * into the folder for temporary files, under a name that all processes share and that half-unpacked files keep. So a
 * separate process unpacks it into a new folder, which is then moved to its place among the installed packages.
 */

const packageName = '@sparticuz/chromium';
const require = createRequire(import.meta.url);

/** The package also unpacks the libraries of the browser if this variable names a function of Amazon. */
const unpackLibraries = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };

/**
 * The options to launch the browser of the package: with the libraries of the system, then with those of the package;
 * empty without the package.
 */
export function packedBrowser(): LaunchOptions[] {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const folder = unpackedFolder();
  if (folder === undefined) return [];
  const executablePath = path.join(folder, 'chromium');
  const ownFonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: path.join(folder, 'fonts') };
  const env = { ...process.env, ...ownFonts };
  return [
    { executablePath, env },
    { executablePath, env: { ...env, LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib') } },
  ];
}

function unpackedFolder(): string | undefined {
  let entry: string;
  try {
    entry = require.resolve(packageName);
  } catch {
    return undefined;
  }
  const place = `${path.sep}node_modules${path.sep}`;
  const installed = entry.slice(0, entry.lastIndexOf(place) + place.length);
  const { version } = JSON.parse(readFileSync(path.join(installed, packageName, 'package.json'), 'utf8'));
  const cache = path.join(installed, '.cache', 'dms-test-browser');
  const folder = path.join(cache, version);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unpacked = mkdtempSync(path.join(cache, 'new-'));
  const program = `import('${packageName}').then(({ default: chromium }) => chromium.executablePath())`;
  try {
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      env: { ...process.env, TMPDIR: unpacked, ...unpackLibraries },
    });
    renameSync(unpacked, folder);
  } catch (error) {
    rmSync(unpacked, { recursive: true, force: true });
    // another worker may have been faster
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
