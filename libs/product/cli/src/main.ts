import { fileURLToPath } from 'node:url';
import { printableLines } from '@dms/diagnostics';
import { expectOneVersion, expectShortRun, isInstalled } from '@dms/operations';
import { watchSignals } from './cancellation.ts';
import { exitCodes } from './exit-codes.ts';
import { oldBuildWarning } from './old-build.ts';
import { printerOf, run } from './run.ts';
import { startedProgram } from './started-program.ts';
import { processTerminal, watchOutput } from './terminal.ts';

declare const __VERSION__: string;
declare const __CODES_PAGE__: string | undefined;

// the build defines both; the sources have neither when they run without a build, as under a debugger
const version = typeof __VERSION__ === 'undefined' ? '0.0.0' : __VERSION__;
const codesPage = typeof __CODES_PAGE__ === 'undefined' ? undefined : __CODES_PAGE__;

expectShortRun();

const bundle = fileURLToPath(import.meta.url);
const warning = oldBuildWarning(bundle);
if (warning !== undefined) console.error(warning);

const args = process.argv.slice(2);

const cancellation = watchSignals(process, (entry) => printerOf(args, processTerminal).diagnostic(entry));

watchOutput(process, ({ diagnostics }) => {
  for (const entry of diagnostics) printerOf(args, processTerminal).diagnostic(entry);
  process.exitCode = exitCodes.diagnostics;
});

const checkInstallation = () => {
  if (isInstalled(bundle)) expectOneVersion({ name: 'dms-ddl', version }, [process.cwd()]);
};

const startedAs = startedProgram(process.env, process.argv[1]);

run(args, processTerminal, version, { cancellation, codesPage, startedAs, checkInstallation }).then(
  (code) => {
    // A failure to print has already been reported, or will be.
    process.exitCode ||= cancellation.exitCode() ?? code;
  },
  (error) => {
    const text = String(error instanceof Error ? error.stack : error);
    process.stderr.write(`${printableLines(text)}\n`);
    process.exitCode = exitCodes.bug;
  },
);
