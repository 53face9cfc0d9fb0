import { type DocumentPlans, documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { type Document, ownSchema, scriptedSet } from '@dms/testing';

export { type ProvisionedDatabase as Bench, provisionedEngines as engines } from '@dms/testing';

/** A schema set, ready for a PostgreSQL database. */
export interface Compiled {
  readonly plans: DocumentPlans;
  readonly script: string;
}

export function compiled(schemas: readonly Document[]): Compiled {
  const { model, inventory, script } = scriptedSet(schemas);
  return { plans: documentPlans(compileMappingSet(model), inventory), script };
}

let own: Compiled | undefined;

/** The schemas of this repository. */
export function ownSet(): Compiled {
  own ??= compiled([ownSchema('campus'), ownSchema('athletics')]);
  return own;
}
