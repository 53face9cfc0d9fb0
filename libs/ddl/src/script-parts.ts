import { type Bodies, type DatabaseDefinition, defineDatabase, type TableDefinition } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { SqlWriter } from '@dms/sql';
import { renderBodies } from './render-bodies.ts';
import { makeRenderer } from './render-script.ts';
import type { ScriptRenderer } from './script-renderer.ts';

/** A statement of the script, or the few statements of one trigger, in the exact text of the script. */
export interface NamedStatement {
  readonly kind: 'table' | 'constraint' | 'foreignKey' | 'index' | 'trigger' | 'view';
  readonly name: string;
  readonly text: string;
}

/** The part of the script that creates a table or view with everything that belongs to it. */
export interface ScriptPart {
  readonly schema: string;
  readonly name: string;
  readonly statements: readonly NamedStatement[];
}

/**
 * The parts of the script, table by table, for people who look at a single table. Each text occurs in the script
 * exactly, except for the guards of the frame (design 06 §2.4).
 */
export function scriptParts(model: RelationalModelSet, inventory: Inventory): ScriptPart[] {
  const definition = defineDatabase(model, inventory);
  const bodies = renderBodies(definition);
  const written = makeWriter(definition, bodies);
  const ofTable = (table: TableDefinition): NamedStatement[] => [
    { kind: 'table', name: table.name, text: written((renderer) => renderer.table(table)) },
    ...(table.addedConstraints.length === 0
      ? []
      : [
          {
            kind: 'constraint',
            name: table.name,
            text: written((renderer) => renderer.addedConstraints(table)),
          } as const,
        ]),
    ...table.foreignKeys.map((key) => {
      return {
        kind: 'foreignKey',
        name: key.name,
        text: written((renderer) => renderer.foreignKey(table, key)),
      } as const;
    }),
    ...[...table.indexes, ...table.modelIndexes].map((index) => {
      return { kind: 'index', name: index.name, text: written((renderer) => renderer.index(table, index)) } as const;
    }),
    ...table.triggers.map((trigger) => {
      return {
        kind: 'trigger',
        name: trigger.name,
        text: written((renderer) => renderer.trigger(table, trigger)),
      } as const;
    }),
  ];
  return [
    ...definition.tables.map((table) => ({ schema: table.schema, name: table.name, statements: ofTable(table) })),
    ...definition.views.map((view) => {
      const text = written((renderer) => renderer.view(view));
      return { schema: view.schema, name: view.name, statements: [{ kind: 'view', name: view.name, text } as const] };
    }),
  ];
}

/** Renders one object separately. */
function makeWriter({ dialect }: DatabaseDefinition, bodies: Bodies) {
  return (render: (renderer: ScriptRenderer) => void): string => {
    const writer = new SqlWriter();
    render(makeRenderer(dialect, writer, bodies));
    return writer.text();
  };
}
