import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const catalogue = 'libs/diagnostics/src/catalogue.ts';

export const errorsFile = path.join(root, 'docs/design/errors.md');

/** The meaning of each class, as in the reference. */
export const diagnosticClassNames = {
  I: 'the input is wrong',
  M: 'a bug in dms',
  D: 'a database does not fit',
  R: 'a request at run time is wrong',
  W: 'a warning',
  N: 'a note',
};

type DiagnosticClass = keyof typeof diagnosticClassNames;

export interface DocumentedCode {
  readonly code: string;
  readonly class: DiagnosticClass;
  readonly meaning: string;
  /** `02, 05` */
  readonly chapters: string;
  /** The heading of the table that lists it. */
  readonly section: string;
}

const isClass = (name: string): name is DiagnosticClass => Object.hasOwn(diagnosticClassNames, name);

/** The codes in the text of errors.md, in the order of its tables. */
export function documentedCodes(markdown: string): DocumentedCode[] {
  const found = new Map<string, DocumentedCode>();
  let section = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    if (!line.startsWith('| `')) continue;
    const [, names = '', diagnosticClass = '', meaning = '', chapters = ''] = line.split('|').map((cell) => cell.trim());
    if (!isClass(diagnosticClass)) {
      throw new Error(
        `errors.md: ${names} has the class "${diagnosticClass}", which is none of ${Object.keys(diagnosticClassNames).join(', ')}.`,
      );
    }
    for (const [, code = ''] of names.matchAll(/`([^`]*)`/g)) {
      if (!/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(code))
        throw new Error(`errors.md: ${code} is not upper snake case of two words or more.`);
      if (found.has(code)) throw new Error(`errors.md lists ${code} twice.`);
      found.set(code, { code, class: diagnosticClass, meaning, chapters, section });
    }
  }
  return [...found.values()];
}

/** The text of `catalogue.ts`. */
export function catalogueText(codes: readonly DocumentedCode[]): string {
  const lines = codes.flatMap((entry, index) => [
    ...(entry.section === codes[index - 1]?.section ? [] : [`  // ${entry.section}`]),
    `  ${entry.code}: '${entry.class}',`,
  ]);
  return `// Written by npm run generate from docs/design/errors.md.

/**
 * Class of a diagnostic: \`I\` the input is wrong, \`M\` an internal contract is broken (a bug), \`D\` a database or its state,
 * \`R\` a document at run time, \`W\` a warning, \`N\` a note.
 */
export type DiagnosticClass = 'I' | 'M' | 'D' | 'R' | 'W' | 'N';

/** Every code of the system with its class. A code is never reused for another meaning. */
export const diagnosticClasses = {
${lines.join('\n')}
} as const satisfies Readonly<Record<string, DiagnosticClass>>;

export type DiagnosticCode = keyof typeof diagnosticClasses;
`;
}

/** Every code with its class, from the tables of docs/design/errors.md: text by path. */
export function diagnosticCodeFiles(): Readonly<Record<string, string>> {
  return { [catalogue]: catalogueText(documentedCodes(readFileSync(errorsFile, 'utf8'))) };
}
