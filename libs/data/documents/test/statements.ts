import type { Statement } from '@dms/databases';

/** A statement as its text, with `?` for each parameter, and its parameters. */
export const sent = ({ pieces, parameters }: Statement): readonly [text: string, ...parameters: unknown[]] => [
  pieces.join('?'),
  ...parameters,
];

/** The texts of statements, each cut to its first `length` characters. */
export const beginnings = (statements: readonly Statement[], length: number): string[] =>
  statements.map(({ pieces }) => pieces.join('?').slice(0, length));
