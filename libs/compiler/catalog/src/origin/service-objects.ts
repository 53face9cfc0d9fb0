import { generations } from '../generations.ts';

/** The tables of schema `dms` that the service adds for its change feed, in any generation. */
export const serviceTableNames: readonly string[] = Object.values(generations).flatMap(
  ({ serviceTables }) => serviceTables,
);

/** The roles that own functions in any generation. */
export const ownerRoleNames: readonly string[] = Object.values(generations).flatMap(({ objects }) =>
  Object.values(objects).flatMap(({ ownerRole }) => (ownerRole === null ? [] : [ownerRole.name])),
);
