import { qualified } from '@dms/model';
import { effectOnNone, type StatementEffect } from '../hazards/statement-effect.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import type { StatementList } from '../script/statement-list.ts';

export function createSchemasAndExtensions(
  { comparison: { before, after }, statements, preparing }: ScriptParts,
  out: StatementList,
): void {
  const schemas = new Set(before.catalog.schemas);
  for (const name of after.catalog.schemas)
    if (!schemas.has(name)) {
      const effect = effectOnNone('create schema');
      out.addPreparable('tables and names', name, effect, statements.schema(name), preparing.schema(name));
    }
  const extensions = new Set(before.catalog.extensions.map(({ name }) => name));
  for (const { name } of after.catalog.extensions)
    if (!extensions.has(name))
      out.add('tables and names', name, effectOnNone('create extension'), statements.extension(name));
}

/** Drops schemas, once their tables have moved or gone. */
export function dropSchemas({ comparison: { before, after, dialect } }: ScriptParts, out: StatementList): void {
  const kept = new Set(after.catalog.schemas);
  for (const schema of before.catalog.schemas)
    if (!kept.has(schema)) {
      const touches: StatementEffect['touches'] = [{ how: 'drop', kind: 'schema', schema, table: null, name: null }];
      out.add('tables and names', schema, { ...effectOnNone('drop schema'), touches }, dialect.dropSchema(schema));
    }
}

export function createSequences(
  { comparison: { before, definition }, statements }: ScriptParts,
  out: StatementList,
): void {
  const known = new Set(before.catalog.sequences.map(qualified));
  for (const sequence of definition.sequences) {
    const name = qualified(sequence);
    if (!known.has(name))
      out.add('tables and names', name, effectOnNone('create sequence'), statements.sequence(sequence));
  }
}
