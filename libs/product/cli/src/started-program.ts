import path from 'node:path';

/** The words before the arguments of a program, by the package manager that runs it. */
const wordsOf: Readonly<Record<string, string>> = {
  npm: 'npx dms-ddl',
  pnpm: 'pnpm exec dms-ddl',
  yarn: 'yarn dms-ddl',
  bun: 'bunx dms-ddl',
};

/**
 * The words with which a user runs the program again. A package manager runs a program that is on no path of the shell,
 * and says its name in the environment; a program in `node_modules/.bin` was started by its path.
 *
 * @param script the path of the running script
 */
export function startedProgram(
  environment: Readonly<Record<string, string | undefined>>,
  script: string | undefined,
): string {
  const [manager = ''] = (environment.npm_config_user_agent ?? '').split('/');
  const isBin = script?.split(path.sep).slice(-3, -1).join('/') === 'node_modules/.bin';
  return wordsOf[manager] ?? (isBin ? 'npx dms-ddl' : 'dms-ddl');
}
