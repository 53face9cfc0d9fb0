#!/usr/bin/env node
import module from 'node:module';

// of "engines" in package.json; an older release stops at something else, with a stack
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`dms-ddl needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
// Node keeps compiled code from 22.8 on: later runs start faster
module.enableCompileCache?.();
await import('../dist/cli.mjs');
