import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readCatalog, serviceCatalog } from '@dms/catalog';
import { openDatabase, parseTarget } from '@dms/databases';
import { readInventory } from '@dms/inventory';
import { givenScript } from '@dms/sql';
import { serviceProvisioning } from '@dms/testing';
import { sha256Hex } from '@dms/values';

/** Makes the triggers and functions of a provisioned database look as if the service's own tool had made them. */
export async function makeServiceDatabase(url: string, artifacts: string): Promise<void> {
  const read = (file: string) => readFileSync(path.join(artifacts, file), 'utf8');
  const catalog = readCatalog(read('catalog.pgsql.json'), 'catalog', 'pgsql');
  const hash = sha256Hex(read('relational-model.pgsql.json'));
  const service = serviceCatalog(catalog, readInventory(read('inventory.pgsql.json'), 'inventory', 'pgsql', hash));
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind === 'static' || service === null) throw new Error('unexpected');
  const session = await openDatabase(target);
  await session.begin();
  await session.execute(givenScript(serviceProvisioning(catalog, service)));
  await session.commit();
  await session.close();
}
