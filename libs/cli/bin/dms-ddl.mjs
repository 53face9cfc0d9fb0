#!/usr/bin/env node
import module from 'node:module';

// Node keeps compiled code from 22.8 on: later runs start faster
module.enableCompileCache?.();
await import('../dist/cli.mjs');
