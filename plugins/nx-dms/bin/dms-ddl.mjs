#!/usr/bin/env node
// The command line of the package dms-ddl, if that is installed beside this one: somebody has chosen its version.
// Otherwise the one in this package.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

function installedStart() {
  try {
    const manifest = createRequire(import.meta.url).resolve('dms-ddl/package.json');
    return pathToFileURL(path.join(path.dirname(manifest), 'bin', 'dms-ddl.mjs'));
  } catch {
    return undefined;
  }
}

await import(installedStart() ?? new URL('../dist/command-line/bin/dms-ddl.mjs', import.meta.url));
