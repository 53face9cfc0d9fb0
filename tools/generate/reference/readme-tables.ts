/* The tables of READMEs and chapters that are generated from the code. Each is between two comments with its name. */

import { chapterTables } from './chapter-tables.ts';
import type { DocumentedTarget } from './facts.ts';
import { listed, table } from './markdown.ts';

/** The facts about targets and generators for the tables, and the entries of `executors.json`. */
export interface ReadmeTable {
  readonly targets: readonly DocumentedTarget[];
  readonly executors: Readonly<Record<string, { readonly description: string; readonly schema: string }>>;
  readonly generators: Readonly<
    Record<string, { readonly description: string; readonly schema: string; readonly definition: NxOptions }>
  >;
}

/** The parts of the `schema.json` of a generator that its row shows. */
interface NxOptions {
  readonly properties?: Readonly<Record<string, { readonly hidden?: boolean }>>;
  readonly required?: readonly string[];
}

/** Whether a target changes databases. */
export const changesDatabases = (name: string) => ['provision-db', 'upgrade-db'].includes(name);

/** The condition under which a target exists. */
function condition({ name, addedBy }: DocumentedTarget): string {
  if (name === 'normalize-schema') return ' (schema projects)';
  return addedBy === undefined ? '' : ` (with \`${addedBy}\`)`;
}

function targetsTable({ targets, executors }: ReadmeTable): string {
  const rows = targets.map((target) => [
    `\`${target.name}\`${condition(target)}`,
    (executors[target.name]?.description ?? '').replace(/\.$/, ''),
    listed(target.writes) || (changesDatabases(target.name) ? 'a database' : 'no file'),
  ]);
  return table(['target', 'does', 'writes'], rows);
}

/** The generators with their options, except those without effect; an option that is required is in the first column. */
function generatorsTable({ generators }: ReadmeTable): string {
  const rows = Object.entries(generators).map(([name, { description, definition }]) => {
    const { properties = {}, required = [] } = definition;
    const shown = Object.keys(properties).filter((option) => properties[option]?.hidden !== true);
    const words = [`nx-dms:${name}`, ...required.map((option) => `<${option}>`)];
    const options = shown.filter((option) => !required.includes(option)).map((option) => `--${option}`);
    return [`\`${words.join(' ')}\``, listed(options), description.replace(/\.$/, '')];
  });
  return table(['generator', 'options', 'does'], rows);
}

const tables = { targets: targetsTable, generators: generatorsTable, ...chapterTables };

/**
 * A page with its tables updated. Each required table must be between `<!-- table: <name>, … -->` and `<!-- end of
 * table -->`.
 */
export function withTables(markdown: string, names: readonly (keyof typeof tables)[], facts: ReadmeTable): string {
  return names.reduce((text, name) => {
    const place = new RegExp(`(<!-- table: ${name},[^\\n]*-->\\n)[\\s\\S]*?(<!-- end of table -->)`);
    if (!place.test(text)) throw new Error(`There is no place for the table ${name}.`);
    return text.replace(place, (_, begin: string, end: string) => `${begin}\n${tables[name](facts)}\n\n${end}`);
  }, markdown);
}
