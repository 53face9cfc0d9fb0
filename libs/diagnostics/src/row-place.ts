/** A row of a database, as messages and reports name it. */
export interface RowPlace {
  readonly table: string;
  /** The values of its key by column, as text. */
  readonly key: Readonly<Record<string, string>>;
}

/** `edfi.Session (SchoolId 7, SessionName Fall)` */
export const rowText = ({ table, key }: RowPlace): string =>
  `${table} (${Object.entries(key)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')})`;
