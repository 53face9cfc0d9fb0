import { labelledResource } from '@dms/api-schema';
import { atOneMoment, type DatabaseResult } from '@dms/databases';
import { counted, type Diagnostic, fail } from '@dms/diagnostics';
import {
  type DocumentStore,
  onDocuments,
  openDocuments,
  readingWork,
  type StoredDocument,
  type UnreadableDocument,
  warnOfMoments,
} from '@dms/documents';
import { writeOutput } from '@dms/files';
import { JsonNumber, type JsonValue, jsonText } from '@dms/values';
import * as z from 'zod/mini';
import { documentPage } from '../database-documents/document-page.ts';
import { outputFile } from '../declaring/command-line.ts';
import { databaseOperation, type OptionsOf } from '../declaring/operation.ts';
import { count, printedOutput, required, special, text, usually } from '../declaring/option.ts';
import { dialectUses } from '../declaring/subject.ts';
import { openMappingSet } from '../sources/source.ts';

const condition = z.object({
  path: z.string().check(z.minLength(1, { error: 'It must be a path and a value, as in schoolReference.schoolId=1.' })),
  value: z.string(),
});

type PathCondition = z.infer<typeof condition>;

/** A path with more than one condition. */
const repeatedPath = (conditions: readonly PathCondition[]) =>
  conditions.find(({ path }, index) => conditions.findIndex((other) => other.path === path) < index)?.path;

const conditions = z.array(condition).check(
  z.refine((found) => repeatedPath(found) === undefined, {
    error: ({ input }) => `There are two values of ${repeatedPath(input as readonly PathCondition[])}.`,
  }),
);

function readCondition(value: string, previous: unknown): readonly PathCondition[] {
  const equals = value.indexOf('=');
  return [
    ...((previous as readonly PathCondition[] | undefined) ?? []),
    { path: value.slice(0, Math.max(0, equals)), value: value.slice(equals + 1) },
  ];
}

const uuid = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { error: 'It must be a uuid.' }));
const documentId = z.string().check(z.regex(/^[0-9]{1,18}$/, { error: 'It must be a document id: a whole number.' }));

const getArguments = { resource: required(text('<resource>', 'as in Ed-Fi:Student')) };

/** The default of `--limit`: the maximum number of documents of a page. */
const defaultLimit = 25;

const getOptions = {
  id: special('<uuid>', 'the document with this id', uuid, (value) => value.toLowerCase(), {
    group: 'source',
    conflicts: ['where'],
  }),
  where: special(
    '<path=value>',
    'documents with this value, as in schoolReference.schoolId=1 (repeatable)',
    conditions,
    readCondition,
    { group: 'source' },
  ),
  cursor: special(
    '<id>',
    'documents from this document id on; with --json a page says where the next one begins',
    documentId,
    (value) => value,
    { group: 'source', conflicts: ['id'] },
  ),
  limit: usually(count('<n>', 'at most this many documents', { group: 'source' }), defaultLimit),
  output: printedOutput('<file>', 'file for the documents (default: print them)'),
};

const documentLines = (documents: readonly StoredDocument[]) => documents.map(({ document }) => jsonText(document));

interface FoundDocuments extends DatabaseResult {
  /** The start of the next page; null after the last document. */
  readonly next: string | null;
  readonly documents: readonly StoredDocument[];
  /** Errors of documents that cannot be read, because they have values that no document can hold. */
  readonly failures: readonly Diagnostic[];
}

/** Refuses a uuid in place of a resource: `DOCUMENT_RESOURCE_UNKNOWN`. */
function expectNoUuid(resource: string): void {
  if (!uuid.safeParse(resource.toLowerCase()).success) return;
  const text = `${resource} is a uuid; name the resource first: dms-ddl get <resource> --id ${resource}.`;
  fail('DOCUMENT_RESOURCE_UNKNOWN', text, { resource });
}

/** The documents of a request. */
async function foundDocuments(
  store: DocumentStore,
  { resource: label, id, where = [], cursor, limit }: OptionsOf<typeof getOptions & typeof getArguments>,
): Promise<Omit<FoundDocuments, 'diagnostics'>> {
  const refused: UnreadableDocument[] = [];
  const onUnreadable = (document: UnreadableDocument) => refused.push(document);
  const failures = () => refused.map(({ diagnostic }) => diagnostic);
  if (id !== undefined) {
    const found = (await store.read([id], { onUnreadable })).filter((document) => document.resource === label);
    if (found.length === 0 && refused.length === 0)
      fail('DOCUMENT_NOT_FOUND', `There is no ${label} with the uuid ${id}.`, { resource: label }, { uuid: id });
    return { documents: found, failures: failures(), next: null };
  }
  const page = await documentPage(store, label, { where, cursor, limit, refusesImpossible: true }, onUnreadable);
  return { ...page, failures: failures() };
}

/**
 * Prints documents of a resource as of one moment: one by its id, or all with certain values, by document id (design 14a
 * §1). Throws the codes of `mappingSetOf` and `onDocuments`, `DOCUMENT_RESOURCE_UNKNOWN`, `DOCUMENT_NOT_FOUND`,
 * `DOCUMENT_PROPERTY_UNKNOWN`, `QUERY_FIELD_UNSUPPORTED`, `DOCUMENT_VALUE_INVALID`, `OUTPUT_*`.
 */
export const get = databaseOperation({
  name: 'get',
  group: 'documents',
  summary: 'print documents of a database',
  description: 'Prints documents of a resource, one per line, by document id.',
  examples: [
    'get Campus:School --where schoolId=255901 --artifacts out --connection-env CAMPUS_DB --output schools.jsonl',
  ],
  worksOn: { source: 'plans', config: 'usual', dialect: dialectUses.ofPlans, connection: 'needed' },
  arguments: getArguments,
  options: getOptions,
  prepare: async ({ source, dialect, options }, { onProgress }) => {
    expectNoUuid(options.resource);
    return readingWork(await openMappingSet(source, dialect, onProgress));
  },
  dialectOf: ({ plans }) => plans.dialect,
  run: ({ target, prepared }, { options }, context): Promise<FoundDocuments> =>
    onDocuments(target, prepared, context, async ({ plans, connection }) => {
      plans.of(labelledResource(options.resource));
      const diagnostics = await warnOfMoments(connection, context);
      const found = await atOneMoment(connection, (session) => foundDocuments(openDocuments(session, plans), options));
      const file = outputFile(options.output);
      if (file !== undefined) {
        const text = documentLines(found.documents).map((line) => `${line}\n`);
        await writeOutput('get', file, text.join(''), context.signal);
      }
      return { ...found, diagnostics };
    }),
  resultKind: ({ options }) => (outputFile(options.output) === undefined ? 'data' : 'done'),
  lines({ documents }, { options }) {
    const file = outputFile(options.output);
    return file === undefined
      ? documentLines(documents)
      : [`${counted(documents.length, 'document')} written to ${file}`];
  },
  value: ({ documents, next }, { options }) => ({
    resource: options.resource,
    documents: documents.length,
    next,
    output: options.output,
  }),
  // numbers keep the digits of the documents
  text: ({ documents, next }, { options }) =>
    jsonText(
      new Map<string, JsonValue>([
        ['type', 'result'],
        ['command', 'get'],
        ['resource', options.resource],
        [
          'documents',
          documents.map(
            (found) =>
              new Map<string, JsonValue>([
                ['uuid', found.uuid],
                ['contentVersion', new JsonNumber(String(found.contentVersion))],
                ['document', found.document],
              ]),
          ),
        ],
        ['next', next],
      ]),
    ),
});
