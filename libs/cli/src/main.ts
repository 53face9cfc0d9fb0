import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

declare const __VERSION__: string;

const signalExitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

for (const [signal, code] of Object.entries(signalExitCodes)) process.once(signal, () => process.exit(code));

run(process.argv.slice(2), processTerminal, __VERSION__).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 70;
  },
);
