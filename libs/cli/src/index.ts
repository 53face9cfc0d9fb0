export { exitCodes, run } from './run.ts';
export type { Terminal } from './terminal.ts';
