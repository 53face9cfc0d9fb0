import { beginsWithKey } from './connection-forms.ts';
import { hasKnownPrefix } from './prefixes.ts';

/** A connection text that was written for another reader, and advice on what to change. */
interface KnownMistake {
  readonly is: (text: string) => boolean;
  /** Continues a sentence that begins with `The connection text`; shows no part of the text. */
  readonly advice: string;
}

const quote = '["\'`“”„‘’«»]';

/** The name of a variable and `=` before a connection, or `:` as in YAML, perhaps in quotes. */
const assignment = new RegExp(
  `^(?:- )?(?:(?:export|set|ENV)\\s+|\\$env:)?[A-Za-z_]\\w*(?:\\s*=\\s*|\\s*:\\s+)${quote}?(?=\\S)`,
);

function isAssignment(text: string): boolean {
  const before = assignment.exec(text)?.[0];
  if (before === undefined || beginsWithKey(text)) return false;
  const value = text.slice(before.length);
  return hasKnownPrefix(value) || beginsWithKey(value) || value.startsWith('jdbc:');
}

const knownMistakes: readonly KnownMistake[] = [
  {
    is: (text) => new RegExp(`^${quote}`).test(text),
    advice: 'is in quotes, which some readers of env files keep, such as docker --env-file. Remove the quotes.',
  },
  {
    is: isAssignment,
    advice:
      'begins with the name of a variable and = or :, like a line of an env file or of YAML. Remove everything before the connection itself.',
  },
  {
    is: (text) => /^jdbc:postgres/i.test(text),
    advice: 'is for JDBC. Remove jdbc: and begin with postgresql://.',
  },
  {
    is: (text) => /^jdbc:/i.test(text),
    advice: 'is for JDBC. Without jdbc: write it as mssql://user:password@host:port/database.',
  },
  {
    is: (text) => /^(?:postgres(?:ql)?|mssql|sqlserver)\+\w+:/i.test(text),
    advice: 'names a driver behind a +. Remove the + and the driver.',
  },
  {
    is: (text) => /^(?:psql|pg_dump|sqlcmd)\s/.test(text),
    advice: 'is a command. Give only the connection that the command names.',
  },
  {
    is: (text) => /^(?:<.*>|\[.*\]|\{[^{].*\})$/.test(text),
    advice: 'is in brackets, as placeholders of a page are. Remove the brackets.',
  },
  {
    is: (text) => /^(?:\$\w+|\$\{\w+\}|\$env:\w+|%\w+%|\$\(\w+\))$/.test(text),
    advice: 'is the name of a variable that was not replaced by its value. Name the variable with --connection-env.',
  },
];

/** Advice on a connection text that was written for another reader; undefined if no mistake is recognized. */
export const knownMistake = (text: string): string | undefined => knownMistakes.find(({ is }) => is(text))?.advice;
