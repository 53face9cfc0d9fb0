import { isDeepStrictEqual } from 'node:util';
import { resourceLabel } from '@dms/api-schema';
import { type Connection, expectNotCancelled } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import {
  type DocumentPlans,
  documentPlans,
  documentProblems,
  mergedProblems,
  openDocuments,
  plansElsewhere,
  type SchemaCheck,
  schemaCheck,
  storedDocuments,
  type UnreadableDocument,
} from '@dms/documents';
import { cachedByObject, type JsonObject } from '@dms/files';
import { mustExist, qualified, type ResourceModel } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { DocumentsCheck, UpgradePlan } from '../plan/upgrade-plan.ts';
import { newProblems } from './new-problems.ts';

/* Documents of a database of the earlier set, as the upgrade will leave them (design 12 §3.8). */

/** What documents are checked with. */
export interface CheckedUpgrade {
  readonly plan: UpgradePlan;
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}

/** A document, and what a load into the later set refuses of it that a load into the earlier one does not. */
export interface RefusedDocument {
  /** Decimal digits. */
  readonly documentId: string;
  /** In the order of a load. */
  readonly problems: readonly Diagnostic[];
}

/** The plans of a set, and its check against the schemas; a fleet shares them. */
interface CheckedSet {
  readonly plans: DocumentPlans;
  readonly schemas: SchemaCheck;
}

const checkedSet = cachedByObject(
  ({ model, inventory, schemas }: ComparedSet): CheckedSet => ({
    plans: documentPlans(compileMappingSet(model), inventory),
    // the problem that counts may come after any number of others
    schemas: schemaCheck(schemas, { problems: Number.POSITIVE_INFINITY }),
  }),
);

interface Problems {
  readonly ofModel: readonly Diagnostic[];
  readonly ofSchema: readonly Diagnostic[];
}

const noProblems: Problems = { ofModel: [], ofSchema: [] };

/**
 * What the check against a model depends on: the resource without its number, and the identities that its references
 * name.
 */
function checkedModel({ resourceKey, ...resource }: ResourceModel, { plans }: CheckedSet): readonly unknown[] {
  const targets = resource.documentReferenceBindings.map(({ targetResource }) => plans.identityOf(targetResource));
  return [
    resourceLabel(resourceKey),
    resource,
    targets.map(({ identityElements }) => identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical)),
  ];
}

interface LoadedResource {
  readonly set: CheckedSet;
  readonly model: ResourceModel;
}

/** Whether the check against the model says the same of each document of a resource before and after. */
const haveSameModel = (earlier: LoadedResource, later: LoadedResource): boolean =>
  isDeepStrictEqual(checkedModel(earlier.model, earlier.set), checkedModel(later.model, later.set));

/**
 * What a load into a new database of a set says about documents of a resource; with `ofSchemaOnly` without the check
 * against the model.
 */
function loadProblems(
  { set: { plans, schemas }, model: { resourceKey, storageKind } }: LoadedResource,
  ofSchemaOnly: boolean,
) {
  const label = resourceLabel(resourceKey);
  // descriptors have no model of their own
  const hasModelCheck = storageKind === 'RelationalTables' && !ofSchemaOnly;
  return (documents: readonly JsonObject[]): readonly Problems[] => {
    const ofSchema = schemas.problems(
      label,
      documents.map((document) => ({ document, file: label, line: 1 })),
    );
    return documents.map((document, index) => ({
      ofModel: hasModelCheck ? documentProblems(plans, resourceKey, document) : [],
      ofSchema: ofSchema[index] ?? [],
    }));
  };
}

const modelOf = ({ model }: ComparedSet, label: string): ResourceModel =>
  mustExist(
    model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === label),
    label,
  );

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

/** Which documents are looked at; all of a resource unless given. */
export interface AskedDocuments {
  readonly documentIds?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A page of documents as the upgrade will leave them, and those among them that will not be readable. */
export interface LaterPage {
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

/**
 * Asks of each document of a resource what a load into the later set says of it as it will be, that a load into the
 * earlier one does not say of it as it is; yields the documents of which there is something to say, page by page. Only
 * documents with a problem are read a second time, as they are. The session is in a transaction, and its database has
 * the earlier set.
 */
export async function* refusedDocuments(
  session: Connection,
  question: CheckedUpgrade,
  resource: DocumentsCheck['resource'],
  asked: AskedDocuments = {},
): AsyncGenerator<readonly RefusedDocument[], void> {
  const connection = { ...session, isInTransaction: true };
  const { plan } = question;
  const renamed = (path: string) => plan.renaming.path(resource.before, path);
  const earlier = { set: checkedSet(question.before), model: modelOf(question.before, resource.before) };
  const later = { set: checkedSet(question.after), model: modelOf(question.after, resource.after) };
  // what the check against the model finds, the earlier load finds too
  const ofSchemaOnly = haveSameModel(earlier, later);
  const problemsLater = loadProblems(later, ofSchemaOnly);
  const earlierDocuments = openDocuments(connection, earlier.set.plans);

  /** What a load into the earlier set says about some documents, by their ids. */
  const problemsBefore = async (documents: LaterPage['found']): Promise<ReadonlyMap<string, readonly Diagnostic[]>> => {
    const unreadable: UnreadableDocument[] = [];
    const found =
      earlier.model.storageKind === 'RelationalTables'
        ? await earlierDocuments.readById(
            earlier.model.resourceKey,
            documents.map(({ documentId }) => documentId),
            { onUnreadable: (document) => void unreadable.push(document) },
          )
        : documents;
    const problems = loadProblems(earlier, ofSchemaOnly)(found.map(({ document }) => document));
    return new Map([
      ...found.map(({ documentId }, index) => {
        const { ofModel, ofSchema } = problems[index] ?? noProblems;
        return [documentId, [...ofModel, ...ofSchema]] as const;
      }),
      ...unreadable.map(({ documentId, diagnostic }) => [documentId, [diagnostic]] as const),
    ]);
  };

  for await (const { found, unreadable } of laterDocuments(session, question, resource, asked)) {
    expectNotCancelled(asked.signal, 'The check of documents was cancelled; nothing was changed.');
    const all = problemsLater(found.map(({ document }) => document));
    const suspects = found.filter((_, index) => {
      const { ofModel, ofSchema } = all[index] ?? noProblems;
      return ofModel.length + ofSchema.length > 0;
    });
    const unread = unreadable.map(({ documentId }) => ({ documentId, document: new Map() }));
    if (suspects.length + unread.length === 0) continue;
    const before = await problemsBefore([...suspects, ...unread]);
    const positions = new Map(found.map(({ documentId }, index) => [documentId, index]));
    const refused = suspects.map(({ documentId }): RefusedDocument => {
      const { ofModel, ofSchema } = all[positions.get(documentId) ?? -1] ?? noProblems;
      const known = before.get(documentId) ?? [];
      const problems = mergedProblems(newProblems(ofModel, known, renamed), newProblems(ofSchema, known, renamed));
      return { documentId, problems };
    });
    const unreadableNow = unreadable.map(
      ({ documentId, diagnostic }): RefusedDocument => ({
        documentId,
        problems: newProblems([diagnostic], before.get(documentId) ?? [], renamed),
      }),
    );
    yield [...refused, ...unreadableNow].filter(({ problems }) => problems.length > 0);
  }
}
