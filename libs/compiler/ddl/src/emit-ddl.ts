import { type Catalog, defineDatabase, desiredCatalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { renderBodies } from './render-bodies.ts';
import { renderScript } from './render-script.ts';

interface EmittedDdl {
  readonly dialect: SqlDialect;
  /** The complete provisioning script. */
  readonly script: string;
  /** The catalog of a database after the script. */
  readonly catalog: Catalog;
}

/**
 * Emits the provisioning script and the desired catalog of a model and its inventory (design 06, 07). All or nothing:
 * throws the `DDL_*` codes. Same input, same bytes.
 */
export function emitDdl(model: RelationalModelSet, inventory: Inventory): EmittedDdl {
  const definition = defineDatabase(model, inventory);
  const bodies = renderBodies(definition);
  return {
    dialect: model.dialect,
    script: renderScript(definition, bodies, model.effectiveSchema),
    catalog: desiredCatalog(definition, bodies),
  };
}
