/** Programs whose names and simple arguments every shell takes alike. */
const programs = ['npx', 'npm', 'git', 'cd', 'dms-ddl'];

/** Words that bash, PowerShell and cmd pass on as they are written. */
const isPlain = (word: string) => /^(?:"[\w ./:=@*+~-]+"|[\w./:=~+-][\w./:=@~+-]*)$/.test(word);

const wordsOf = (line: string) => line.match(/"[^"]*"|\S+/g) ?? [];

/** Names that a line of PowerShell gives to programs of another path. */
const aliasesOf = (text: string) => [...text.matchAll(/^Set-Alias (\w+) /gm)].flatMap(([, name]) => name ?? []);

/**
 * Whether a line means the same in bash, PowerShell and cmd. `cat` has another name in cmd alone. `mkdir` needs quotes
 * there around a path with `/`, and makes one folder in bash.
 */
export function isOfEveryShell(line: string, setUp = ''): boolean {
  const [program = '', ...rest] = wordsOf(line);
  if (program === 'mkdir') return /^mkdir "[\w./-]+"$/.test(line);
  return [...programs, 'cat', ...aliasesOf(setUp)].includes(program) && rest.every(isPlain);
}

/** The variables that a text names, with what PowerShell calls them. */
const variablesOf = (text: string) =>
  [...text.matchAll(/\$(?:env:)?([A-Z][A-Z0-9_]+)\b|\bexport ([A-Z][A-Z0-9_]+)=| ([A-Z][A-Z0-9_]+)=\$/g)].flatMap(
    ([, used, set, another]) => used ?? set ?? another ?? [],
  );

/** The commands of a text that are of the product, Nx or npm, without what a shell does before and behind them. */
const commandsIn = (text: string) =>
  text
    .replaceAll('$env:', '$')
    .split('\n')
    .flatMap((line) => /^(?:npx|npm) [^|;&>]*[^|;&> ]/.exec(line)?.[0] ?? []);

const pathsIn = (text: string) =>
  [...text.matchAll(/[\w.-]+(?:\/[\w.-]+)+/g)].map(([path]) => path.replace(/^postgres$/, ''));

/** What a block for a POSIX shell and the one for PowerShell must have in common. */
export const saidBy = (text: string) => ({
  commands: commandsIn(text),
  variables: [...new Set(variablesOf(text))].filter((name) => name !== 'LASTEXITCODE').sort(),
  paths: [...new Set(pathsIn(text))].sort(),
});

/** Words of a POSIX shell that PowerShell 5.1 does not know. */
export const isOfPosixAlone = (text: string) => /\bexport |<<|\\$|&&|\|\||\b(?:sed|grep|printf) /m.test(text);
