import { readFileSync } from 'node:fs';

/**
 * The text of the worker of an embedded database, `embedded-worker.cjs`. Here it is read from its file; an installed
 * package has the text in place of this function (tools/build/bundle.ts).
 */
export const workerProgram = (): string => readFileSync(new URL('./embedded-worker.cjs', import.meta.url), 'utf8');
