import { buildDesiredCatalog, type DesiredCatalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { bodyHash } from './body-hash.ts';
import { type RenderedScript, renderScript } from './render-script.ts';

export interface EmittedDdl {
  readonly dialect: SqlDialect;
  /** The complete provisioning script. */
  readonly script: string;
  /** The catalog that the script creates, body hashes filled in. */
  readonly catalog: DesiredCatalog;
}

function withBodyHashes(catalog: DesiredCatalog, { bodies }: RenderedScript): DesiredCatalog {
  const hashOf = (text: string | undefined, name: string): string => {
    if (text === undefined) throw new Error(`${name} was not rendered`);
    return bodyHash(text);
  };
  return {
    ...catalog,
    tables: catalog.tables.map((table) => ({
      ...table,
      triggers: table.triggers.map((trigger) => {
        const key = `${table.schema}.${table.name}.${trigger.name}`;
        return trigger.function === null ? { ...trigger, body: hashOf(bodies.triggers.get(key), key) } : trigger;
      }),
    })),
    views: catalog.views.map((view) => {
      const key = `${view.schema}.${view.name}`;
      return { ...view, body: hashOf(bodies.views.get(key), key) };
    }),
    functions: catalog.functions.map((routine) => {
      const key = `${routine.schema}.${routine.name}`;
      return { ...routine, body: hashOf(bodies.functions.get(key), key) };
    }),
  };
}

/**
 * Emits the provisioning script and the desired catalog of a model and its inventory (design 06, 07). All or nothing: throws
 * the `DDL_*` codes. Same input, same bytes.
 */
export function emitDdl(model: RelationalModelSet, inventory: Inventory): EmittedDdl {
  const catalog = buildDesiredCatalog(model, inventory);
  const rendered = renderScript(catalog, model.effectiveSchema);
  return { dialect: model.dialect, script: rendered.text, catalog: withBodyHashes(catalog, rendered) };
}
