import { isDeepStrictEqual } from 'node:util';
import { isWithin, resourceLabel } from '@dms/api-schema';
import { type Connection, expectNotCancelled } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import {
  type DocumentPlans,
  documentDiagnostics,
  documentPlans,
  mergedDiagnostics,
  openDocuments,
  plansElsewhere,
  readUuids,
  type SchemaCheck,
  schemaCheck,
  storedDocuments,
  type UnreadableDocument,
} from '@dms/documents';
import { modelIndex, mustExist, qualified, type ResourceModel } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { cachedByObject, type JsonObject } from '@dms/values';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { DocumentsCheck, UpgradeItem, UpgradePlan } from '../plan/upgrade-plan.ts';

/* Documents of a database of the earlier set, as the upgrade will leave them (design 12 §3.8). */

/** The plan and the two sets that documents are checked with. */
export interface CheckedUpgrade {
  readonly plan: UpgradePlan;
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}

/** A document with the diagnostics of a load into the later set that a load into the earlier set does not give. */
export interface RejectedDocument {
  /** Decimal digits. */
  readonly documentId: string;
  /** In the order of a load. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The document plans and the schema check of a set; the databases of a fleet share them. */
interface CheckedLaterSet {
  readonly plans: DocumentPlans;
  readonly schemas: SchemaCheck;
}

interface LoadDiagnostics {
  readonly ofModel: readonly Diagnostic[];
  readonly ofSchema: readonly Diagnostic[];
}

const noDiagnostics: LoadDiagnostics = { ofModel: [], ofSchema: [] };

/** Selects the documents to read; by default all documents of a resource. */
export interface AskedDocuments {
  readonly documentIds?: readonly string[] | undefined;
  /** The uuids of documents that the upgrade removes; none of them is reported. */
  readonly leaving?: ReadonlySet<string> | undefined;
  /**
   * Whether a translation in place has checked the documents already: those that the later set newly rejects are
   * rejects, and leave.
   */
  readonly isTranslated?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Receives the warning for each later document whose check timed out. Such a document counts as one that may stay.
   */
  readonly onUnchecked?: ((warning: Diagnostic) => void) | undefined;
}

/** A page of documents as the upgrade will leave them, and those among them that will not be readable. */
interface LaterPage {
  readonly found: readonly { readonly documentId: string; readonly document: JsonObject }[];
  readonly unreadable: readonly UnreadableDocument[];
}

/**
 * Reads the documents of a resource as the upgrade will leave them, page by page. The session is in a transaction, and
 * its database has the earlier set.
 */
export async function* laterDocuments(
  session: Connection,
  question: CheckedUpgrade,
  resource: DocumentsCheck['resource'],
  { documentIds }: AskedDocuments = {},
): AsyncGenerator<LaterPage, void> {
  const connection = { ...session, isInTransaction: true };
  const plans = laterPlans(question);
  const earlier = modelOf(question.before, resource.before);
  const later = modelOf(question.after, resource.after);
  let unreadable: UnreadableDocument[] = [];
  const options = { onUnreadable: (document: UnreadableDocument) => void unreadable.push(document) };
  if (documentIds !== undefined && later.storageKind === 'RelationalTables') {
    const found = await openDocuments(connection, plans).readById(later.resourceKey, documentIds, options);
    yield { found, unreadable };
    return;
  }
  const asked = documentIds && new Set(documentIds);
  // the rows of descriptors have the id of the earlier set
  const numbered = { ...later, resourceKey: { ...later.resourceKey, id: earlier.resourceKey.id } };
  for await (const page of storedDocuments(connection, plans, numbered, options)) {
    yield { found: asked ? page.filter(({ documentId }) => asked.has(documentId)) : page, unreadable };
    unreadable = [];
  }
}

/** Plans that read the documents of the later set from a database of the earlier one; all checks of a run share them. */
const laterPlans = cachedByObject(({ plan, before, after }: CheckedUpgrade): DocumentPlans => {
  const ids = new Map(
    before.model.resources.map(({ resourceKey }) => [
      plan.renaming.resource(resourceLabel(resourceKey)),
      resourceKey.id,
    ]),
  );
  return plansElsewhere(checkedSet(after).plans, {
    relationOf: (table) => plan.laterRows.relationOf(qualified(table)),
    resourceKeyIdOf: (resource) => ids.get(resourceLabel(resource)),
  });
});

/** The plans and the schema check of a set; all checks of a run share them. */
export const checkedSet = cachedByObject(
  ({ model, inventory, schemas }: ComparedSet): CheckedLaterSet => ({
    plans: documentPlans(compileMappingSet(model), inventory),
    // no limit: the relevant diagnostic may come after any number of others
    schemas: schemaCheck(schemas, { mostListed: Number.POSITIVE_INFINITY }),
  }),
);

const modelOf = ({ model }: ComparedSet, label: string): ResourceModel =>
  mustExist(modelIndex(model).resources.get(label), label);

/**
 * Yields, page by page, the documents of a resource that the later set newly rejects, with the diagnostics that a load
 * of the later form into the later set gives and a load of the earlier form into the earlier set does not. Only
 * documents with a diagnostic are read a second time, in their earlier form. The session is in a transaction, and its
 * database has the earlier set.
 */
export async function* rejectedDocuments(
  session: Connection,
  question: CheckedUpgrade,
  resource: DocumentsCheck['resource'],
  asked: AskedDocuments = {},
): AsyncGenerator<readonly RejectedDocument[], void> {
  const connection = { ...session, isInTransaction: true };
  const { plan } = question;
  const renamed = (path: string) => plan.renaming.path(resource.before, path);
  const earlier = { set: checkedSet(question.before), model: modelOf(question.before, resource.before) };
  const later = { set: checkedSet(question.after), model: modelOf(question.after, resource.after) };
  // with the same model, the earlier load gives the same diagnostics of the check against it
  const ofSchemaOnly = haveSameModel(earlier, later);
  const laterDiagnostics = loadDiagnostics(later, ofSchemaOnly, asked.onUnchecked);
  const earlierDocuments = openDocuments(connection, earlier.set.plans);

  /** The diagnostics of a load into the earlier set for some documents, by their ids. */
  const earlierDiagnostics = async (
    documents: LaterPage['found'],
  ): Promise<ReadonlyMap<string, readonly Diagnostic[]>> => {
    const unreadable: UnreadableDocument[] = [];
    const found =
      earlier.model.storageKind === 'RelationalTables'
        ? await earlierDocuments.readById(
            earlier.model.resourceKey,
            documents.map(({ documentId }) => documentId),
            { onUnreadable: (document) => void unreadable.push(document) },
          )
        : documents;
    const told = loadDiagnostics(earlier, ofSchemaOnly)(found.map(({ document }) => document));
    return new Map([
      ...found.map(({ documentId }, index) => {
        const { ofModel, ofSchema } = told[index] ?? noDiagnostics;
        return [documentId, [...ofModel, ...ofSchema]] as const;
      }),
      ...unreadable.map(({ documentId, diagnostic }) => [documentId, [diagnostic]] as const),
    ]);
  };

  for await (const { found, unreadable } of laterDocuments(session, question, resource, asked)) {
    expectNotCancelled(asked.signal, 'The check of documents was cancelled; nothing was changed.');
    const all = laterDiagnostics(found.map(({ document }) => document));
    const suspects = found.filter((_, index) => {
      const { ofModel, ofSchema } = all[index] ?? noDiagnostics;
      return ofModel.length + ofSchema.length > 0;
    });
    const unread = unreadable.map(({ documentId }) => ({ documentId, document: new Map() }));
    if (suspects.length + unread.length === 0) continue;
    const before = await earlierDiagnostics([...suspects, ...unread]);
    const positions = new Map(found.map(({ documentId }, index) => [documentId, index]));
    const rejected = suspects.flatMap(({ documentId }): readonly RejectedDocument[] => {
      const known = before.get(documentId);
      // no row of the earlier root table: a dump and check --data report this document
      if (known === undefined) return [];
      const { ofModel, ofSchema } = all[positions.get(documentId) ?? -1] ?? noDiagnostics;
      const diagnostics = mergedDiagnostics(
        newDiagnostics(ofModel, known, renamed),
        newDiagnostics(ofSchema, known, renamed),
      );
      return [{ documentId, diagnostics }];
    });
    const unreadableNow = unreadable.map(
      ({ documentId, diagnostic }): RejectedDocument => ({
        documentId,
        diagnostics: newDiagnostics([diagnostic], before.get(documentId) ?? [], renamed),
      }),
    );
    yield [...rejected, ...unreadableNow].filter(({ diagnostics }) => diagnostics.length > 0);
  }
}

interface LoadedResource {
  readonly set: CheckedLaterSet;
  readonly model: ResourceModel;
}

/** Whether the check against the model gives the same diagnostics for each document of a resource before and after. */
const haveSameModel = (earlier: LoadedResource, later: LoadedResource): boolean =>
  isDeepStrictEqual(checkedModel(earlier.model, earlier.set), checkedModel(later.model, later.set));

/**
 * The parts of a model that its check depends on: the resource without its number, and the identities that its
 * references name.
 */
function checkedModel({ resourceKey, ...resource }: ResourceModel, { plans }: CheckedLaterSet): readonly unknown[] {
  const targets = resource.documentReferenceBindings.map(({ targetResource }) => plans.identityOf(targetResource));
  return [
    resourceLabel(resourceKey),
    resource,
    targets.map(({ identityElements }) => identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical)),
  ];
}

/**
 * Creates the function that returns the diagnostics of a load into a new database of a set; with `ofSchemaOnly`,
 * without those of the check against the model.
 */
function loadDiagnostics(
  { set: { plans, schemas }, model: { resourceKey, storageKind } }: LoadedResource,
  ofSchemaOnly: boolean,
  onUnchecked: (warning: Diagnostic) => void = () => undefined,
) {
  const label = resourceLabel(resourceKey);
  // descriptors have no model of their own
  const hasModelCheck = storageKind === 'RelationalTables' && !ofSchemaOnly;
  return (documents: readonly JsonObject[]): readonly LoadDiagnostics[] => {
    const ofSchema = schemas.diagnosticsOf(
      label,
      documents.map((document) => ({ document, file: label, line: 1 })),
      onUnchecked,
    );
    return documents.map((document, index) => ({
      ofModel: hasModelCheck ? documentDiagnostics(plans, resourceKey, document) : [],
      ofSchema: ofSchema[index] ?? [],
    }));
  };
}

/* Diagnostics of documents, compared by rule and path. */

/** A place in a document with `[*]` in place of its positions. */
export const pathOf = (place: string): string => place.replace(/\[[0-9]+\]/g, '[*]');

/**
 * The diagnostics of a document in the later set that it did not have in the earlier one, under the earlier names of
 * its paths.
 */
export function newDiagnostics(
  later: readonly Diagnostic[],
  earlier: readonly Diagnostic[],
  renamed: (path: string) => string,
): readonly Diagnostic[] {
  const known = new Set(earlier.map((each) => diagnosticKey(each, renamed)));
  return later.filter((each) => !known.has(diagnosticKey(each, (path) => path)));
}

function diagnosticKey(found: Diagnostic, renamed: (path: string) => string): string {
  const { path = '' } = found.where;
  return `${brokenRule(found, renamed)}\n${renamedPlace(path, renamed)}`;
}

/** Keywords of JSON schemas that state the rule of another keyword in a second way. */
const sameRule: Readonly<Record<string, string>> = {
  exclusiveMaximum: 'maximum',
  exclusiveMinimum: 'minimum',
  const: 'enum',
};

/** A key for the rule that a document breaks, without the value that the rule asks for and without the place. */
function brokenRule({ code, details }: Diagnostic, renamed = (path: string) => path): string {
  const { keyword, otherPath, paths } = details;
  const rule = typeof keyword === 'string' ? (sameRule[keyword] ?? keyword) : '';
  const others = [
    ...(typeof otherPath === 'string' ? [pathOf(otherPath)] : []),
    ...(Array.isArray(paths) ? paths.map(String) : []),
  ];
  return [code, rule, ...others.map(renamed).sort()].join('\n');
}

/** A place under its later name, at the same positions. */
function renamedPlace(place: string, renamed: (path: string) => string): string {
  const positions = place.match(/\[[0-9]+\]/g) ?? [];
  if (!place.startsWith('$')) return place;
  let next = 0;
  return renamed(pathOf(place)).replace(/\[\*\]/g, (whole) => positions[next++] ?? whole);
}

/** Documents that break a rule of the later set at one path. */
export interface InvalidDocuments {
  readonly check: DocumentsCheck;
  /** The change that the rule comes from. */
  readonly item: UpgradeItem;
  readonly count: number;
  /** The first documents, each with its place. */
  readonly examples: readonly { readonly uuid: string; readonly path: string }[];
  /** The message of a load for the first document. */
  readonly said: string;
}

/** All documents of the database that the later set newly rejects, including those that may stay. */
export async function allInvalidDocuments(
  connection: Connection,
  question: CheckedUpgrade,
  {
    onCheck,
    ...asked
  }: AskedDocuments & {
    readonly onCheck?: ((check: DocumentsCheck, index: number) => void) | undefined;
  },
): Promise<readonly InvalidDocuments[]> {
  const all: InvalidDocuments[] = [];
  for (const [index, check] of question.plan.documentChecks.entries()) {
    onCheck?.(check, index);
    if (asked.isTranslated && isSettled(question, check)) continue;
    all.push(...(await invalidDocuments(connection, question, check, asked)));
  }
  return all;
}

/** Whether a translation finds all that a check would, also its warnings. */
const isSettled = ({ after }: CheckedUpgrade, { isAllowed, resource }: DocumentsCheck): boolean =>
  !isAllowed && checkedSet(after).schemas.isLinear(resource.after);

/** How many documents a message names. */
const namedDocuments = 5;

interface RefusedCount {
  readonly item: UpgradeItem;
  readonly said: string;
  readonly examples: { readonly documentId: string; readonly path: string }[];
  count: number;
}

/** The documents of a resource that the later set newly rejects, by rule and path. */
async function invalidDocuments(
  session: Connection,
  question: CheckedUpgrade,
  check: DocumentsCheck,
  asked: AskedDocuments,
): Promise<readonly InvalidDocuments[]> {
  const found = new Map<string, RefusedCount>();
  /** Counts a document once for each rule and path. */
  const count = ({ documentId, diagnostics }: RejectedDocument) => {
    const seen = new Set<string>();
    for (const broken of diagnostics) {
      const item = brokenItem(question.plan, check, broken);
      const place = broken.where.path ?? '$';
      const isPlanned = question.plan.items.includes(item);
      const key = isPlanned ? item.change + item.path.join('\n') : `${brokenRule(broken)}\n${pathOf(place)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const entry = found.get(key) ?? { item, said: broken.message, examples: [], count: 0 };
      found.set(key, entry);
      entry.count += 1;
      if (entry.examples.length < namedDocuments) entry.examples.push({ documentId, path: place });
    }
  };
  for await (const page of rejectedDocuments(session, question, check.resource, asked)) {
    const ids = page.map(({ documentId }) => documentId);
    const own = asked.leaving?.size ? await readUuids(session, ids) : null;
    for (const each of page) if (!asked.leaving?.has(own?.get(each.documentId) ?? '')) count(each);
  }
  const entries = [...found.values()];
  const uuids = await readUuids(
    session,
    entries.flatMap(({ examples }) => examples.map(({ documentId }) => documentId)),
  );
  return entries.map(({ examples, ...entry }) => {
    const named = examples.map(({ documentId, path }) => ({ uuid: uuids.get(documentId) ?? documentId, path }));
    return { check, ...entry, examples: named };
  });
}

/** The change that causes a diagnostic; an item of its own if changed values meet a rule that stays. */
function brokenItem(plan: UpgradePlan, { resource, rules }: DocumentsCheck, broken: Diagnostic): UpgradeItem {
  const found = rules.find(({ rule }) => isOf(rule, broken));
  if (found !== undefined) return mustExist(plan.items[found.item], `the item ${found.item}`);
  const path = [resource.after, pathOf(broken.where.path ?? '$')];
  return {
    class: 'checked',
    change: 'rule broken',
    owner: resource.after,
    resource: resource.after,
    path,
    effects: [],
  };
}

/** Whether a diagnostic of a document comes from a rule of the plan. */
function isOf(
  { code, paths, keywords }: DocumentsCheck['rules'][number]['rule'],
  { code: found, where, details }: Diagnostic,
) {
  if (found !== code) return false;
  const path = pathOf(where.path ?? '$');
  if (keywords === null) return paths.some((each) => isWithin(path, each));
  return paths.includes(path) && keywords.includes(String(details.keyword));
}
