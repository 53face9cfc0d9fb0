/** Programs whose names and simple arguments are the same in every shell. */
const programs = ['npx', 'npm', 'git', 'cd', 'dms-ddl'];

/** Words that bash, PowerShell and cmd pass on unchanged. */
const isPlain = (word: string) => /^(?:"[\w ./:=@*+~-]+"|[\w./:=~+-][\w./:=@~+-]*)$/.test(word);

const wordsOf = (line: string) => line.match(/"[^"]*"|\S+/g) ?? [];

/** Aliases that PowerShell lines define for programs in other places. */
const aliasesOf = (text: string) => [...text.matchAll(/^Set-Alias (\w+) /gm)].flatMap(([, name]) => name ?? []);

/**
 * Whether a line means the same in bash, PowerShell and cmd. Only cmd has another name for `cat`. `mkdir` needs quotes
 * around a path with `/` in cmd, and makes only one folder in bash.
 */
export function isOfEveryShell(line: string, setUp = ''): boolean {
  const [program = '', ...rest] = wordsOf(line);
  if (program === 'mkdir') return /^mkdir "[\w./-]+"$/.test(line);
  return [...programs, 'cat', ...aliasesOf(setUp)].includes(program) && rest.every(isPlain);
}

/** The variables that a text uses or sets, in the syntax of POSIX shells and of PowerShell. */
const variablesOf = (text: string) =>
  [...text.matchAll(/\$(?:env:)?([A-Z][A-Z0-9_]+)\b|\bexport ([A-Z][A-Z0-9_]+)=| ([A-Z][A-Z0-9_]+)=\$/g)].flatMap(
    ([, used, set, another]) => used ?? set ?? another ?? [],
  );

/** The commands of npx and npm in a text, without shell syntax before and after them. */
const commandsIn = (text: string) =>
  text
    .replaceAll('$env:', '$')
    .split('\n')
    .flatMap((line) => /^(?:npx|npm) [^|;&>]*[^|;&> ]/.exec(line)?.[0] ?? []);

const pathsIn = (text: string) =>
  [...text.matchAll(/[\w.-]+(?:\/[\w.-]+)+/g)].map(([path]) => path.replace(/^postgres$/, ''));

/** The facts that a block for a POSIX shell and its form for PowerShell must share. */
export const saidBy = (text: string) => ({
  commands: commandsIn(text),
  variables: [...new Set(variablesOf(text))].filter((name) => name !== 'LASTEXITCODE').sort(),
  paths: [...new Set(pathsIn(text))].sort(),
});

/** Words of a POSIX shell that PowerShell 5.1 does not know. */
export const isOfPosixAlone = (text: string) => /\bexport |<<|\\$|&&|\|\||\b(?:sed|grep|printf) /m.test(text);
