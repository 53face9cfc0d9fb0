import { labelledResource, resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf } from '@dms/databases';
import {
  checkDocument,
  type DocumentPlans,
  keyIdentity,
  naturalKeyStatements,
  type SoughtIdentity,
} from '@dms/documents';
import { core, mustExist, type QualifiedResourceName } from '@dms/model';
import { dialectOf } from '@dms/sql';
import { compareBy, groupBy } from '@dms/values';
import type { ProbeCheck, ProbeFailure } from '../verification-generation.ts';

/*
 * The probes of natural keys find each document, the target of each reference, and each descriptor, and nothing by
 * values that no document has (design 22 §4.2).
 */

type Identity = Pick<SoughtIdentity, 'resource' | 'identity'>;

/** The values by path; references list the paths of their target in another order than the target does. */
const valuesOf = ({ identity }: Identity) =>
  identity()
    .map(({ path, value }): [string, string] => [path, value])
    .sort(compareBy(([path]) => path));

const keyOf = (identity: Identity) => JSON.stringify([resourceLabel(identity.resource), valuesOf(identity)]);

/**
 * For each path, the first document's identity with only this value replaced: by that of another document, or by the
 * number minus one. Where two paths lead to one column, their values then differ.
 */
function crossed([first, ...others]: readonly Identity[]): readonly Identity[] {
  if (first === undefined) return [];
  const values = first.identity();
  const given = others.map((other) => new Map(other.identity().map((each) => [each.path, each])));
  return values.flatMap((was) => {
    const { path, value } = was;
    const other =
      given.map((each) => each.get(path)).find((each) => each !== undefined && each.value !== value) ??
      (/^[1-9]\d*$/.test(value) ? { ...was, value: before(value), raw: before(value) } : undefined);
    if (other === undefined) return [];
    return [{ ...first, identity: () => values.map((each) => (each.path === path ? other : each)) }];
  });
}

const before = (digits: string) => String(BigInt(digits) - 1n);

const inOtherCase = (text: string) =>
  text.replaceAll(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

/** Identities that are told apart by their position. */
const numbered = (identities: readonly Identity[]): readonly SoughtIdentity[] =>
  identities.map((identity, index) => ({ ...identity, referentialId: String(index) }));

/** The ids of all documents by their uuids, and the URIs of all descriptors. */
async function storedDocuments(connection: Connection, { mappingSet }: DocumentPlans) {
  const { sql, text } = dialectOf[connection.dialect];
  const id = text(sql`"DocumentId"`, 'bigint');
  const documents = await rowsOf<{ readonly id: string; readonly uuid: string }>(
    connection,
    sql`SELECT ${id} AS "id", ${text(sql`"DocumentUuid"`, 'uuid')} AS "uuid" FROM ${core.document}`,
  );
  const descriptors = await rowsOf<{ readonly id: string; readonly key: number; readonly uri: string }>(
    connection,
    sql`SELECT ${id} AS "id", "ResourceKeyId" AS "key", "Uri" AS "uri" FROM ${core.descriptor} ORDER BY "ResourceKeyId", "DocumentId"`,
  );
  const resources = new Map(mappingSet.model.effectiveSchema.resourceKeys.map((each) => [each.id, each]));
  return {
    ids: new Map(documents.map((row) => [row.uuid.toLowerCase(), row.id])),
    descriptors: descriptors.map(({ key, uri, ...row }) => {
      return { ...row, uri, resource: mustExist(resources.get(Number(key)), `the resource of ${uri}`) };
    }),
  };
}

/**
 * Seeks all documents, the targets of all references and all descriptors by their probes, and the first document of each
 * resource by its capture probe.
 */
export const findsDocuments: ProbeCheck = async (connection, plans, documents) => {
  const { findTargets, findOwn, captureOwn } = naturalKeyStatements(plans);
  const stored = await storedDocuments(connection, plans);
  const ids = new Map<string, string>();
  const idsByKey = new Map<string, string>();
  const add = (identity: SoughtIdentity, id: string) => {
    ids.set(identity.referentialId, id);
    idsByKey.set(keyOf(identity), id);
  };
  const descriptorOf = (resource: QualifiedResourceName, uri: string) =>
    mustExist(keyIdentity(plans, resource, new Map([['descriptor', uri]])), uri);
  for (const { resource, uri, id } of stored.descriptors) add(descriptorOf(resource, uri), id);
  const written = documents.map(({ resource, document, uuid }) => {
    const checked = mustExist(checkDocument(plans, labelledResource(resource), document).document, resource);
    const id = mustExist(stored.ids.get(uuid), `the document ${uuid}`);
    for (const each of [checked, checked.superclass]) if (each) add(each, id);
    return checked;
  });

  const failures: ProbeFailure[] = [];
  const expectFound = async (
    probe: string,
    sought: readonly SoughtIdentity[],
    { statements, read }: ReturnType<typeof findTargets>,
  ) => {
    const answers = statements.length === 0 ? [] : await connection.queryAll(statements);
    const found = new Map(read(answers).map(({ referentialId, documentId }) => [referentialId, documentId]));
    for (const identity of sought) {
      const [was, id] = [found.get(identity.referentialId), idsByKey.get(keyOf(identity))];
      if (was === id) continue;
      const [there, wanted] = [was, id].map((each) => (each === undefined ? 'no document' : `the document ${each}`));
      const text = `${probe} finds ${there} instead of ${wanted} by ${JSON.stringify(Object.fromEntries(valuesOf(identity)))}`;
      failures.push({ resource: resourceLabel(identity.resource), found: text });
    }
  };
  const spelled = stored.descriptors.flatMap(({ resource, uri }, index, all) => [
    descriptorOf(resource, uri),
    descriptorOf(resource, inOtherCase(uri)),
    descriptorOf(all[(index + 1) % all.length]?.resource ?? resource, uri),
  ]);
  // a statement has the same text for all documents of a resource
  const byResource = [...groupBy(written, ({ plans: { label } }) => label).values()];
  const firsts = byResource.map(([first]) => mustExist(first, 'a document of each resource'));
  const changed = byResource.flatMap(crossed);
  const named = written.flatMap(({ superclass, targets }): Identity[] => [
    ...(superclass ? [superclass] : []),
    ...targets,
  ]);
  const distinct = new Map([...firsts, ...named].map((each) => [keyOf(each), each]));
  const sought = numbered([...distinct.values(), ...spelled, ...changed]);
  await expectFound('the target probe', sought, findTargets(sought));
  await expectFound('the own probe', written, findOwn(written, ids));
  await expectFound('the capture probe', firsts, captureOwn(firsts));
  return failures;
};
