import { access, constants, lstat, open, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { type JsonPath, labelledResource, resourceLabel, valueAt } from '@dms/api-schema';
import { type Diagnostic, fail, mostExamples, type RowPlace } from '@dms/diagnostics';
import { type DocumentPlans, descriptorUri } from '@dms/documents';
import {
  expectOutputName,
  fileIdentity,
  forgetFolders,
  isMountPoint,
  isNullDevice,
  isOfMount,
  makeFolder,
  outputError,
  waitForReader,
} from '@dms/files';
import { mustExist } from '@dms/model';
import { compareBy, isJsonObject, JsonNumber, type JsonValue, jsonText } from '@dms/values';
import { changeValue } from '../changes/recorded-change.ts';
import { type LoadReject, originOf } from './load-report.ts';

/** The file of rejects: lines are appended to a new file, which is created with the first line. Throws `OUTPUT_*`. */
export function rejectsFile(named: string | undefined, signal: AbortSignal | undefined) {
  const file = named !== undefined && isNullDevice(named) ? undefined : named;
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  let made: readonly string[] = [];
  let isWritten = false;
  const close = async () => {
    await handle?.close();
    handle = undefined;
    if (!isWritten) forgetFolders(made);
  };
  return {
    /** Called before anything is loaded: checks that the file can be written, and is not one of the inputs. */
    check: async (inputs: readonly string[]) => {
      if (file === undefined) return;
      expectOutputName(file, 'file');
      const own = fileIdentity(file);
      if (own === undefined) made = await makeFolder(path.dirname(file));
      else if ((await stat(file)).isFIFO()) await waitForReader(file, signal);
      try {
        await access(own === undefined ? path.dirname(file) : file, constants.W_OK);
      } catch (error) {
        throw outputError(error, file);
      }
      if (own === undefined) return;
      for (const input of inputs) {
        if (fileIdentity(input) !== own) continue;
        const text = `${file} is an input of this run, which would be lost; choose another file for the rejects.`;
        fail('OUTPUT_FAILED', text, { file }, { path: file, cause: 'an input' });
      }
    },
    add: async (reject: LoadReject) => {
      if (file === undefined) return;
      try {
        handle ??= await open(file, 'w');
        isWritten = true;
        await handle.appendFile(rejectLine(reject));
      } catch (error) {
        throw outputError(error, file);
      }
    },
    /**
     * Called at the end of a complete run. If the run rejected nothing, the file of an earlier run is removed, since it
     * would look like a file of this run.
     */
    end: async () => {
      await close();
      if (file === undefined || isWritten) return;
      try {
        await removeEarlier(file);
      } catch (error) {
        throw outputError(error, file);
      }
    },
    close,
  };
}

type RejectMembers = readonly (readonly [string, JsonValue])[];

/** One line of the file of rejects: a record that `load` can read, and the problems for which it was not loaded. */
function rejectLine(reject: LoadReject): string {
  const { file, line, row, resource, diagnostics, document, uuid, record, change } = reject;
  const told =
    reject.problems ??
    diagnostics.map(({ code, message, where: { path } }) => {
      return new Map([
        ['code', code],
        ...(path === undefined ? [] : [['path', path] as const]),
        ['message', message],
      ] as const);
    });
  // members of an earlier file of rejects are replaced
  const ofRecord =
    record && [...record].filter(([name]) => !['file', 'line', 'table', 'key', 'problems'].includes(name));
  const ofDocument: RejectMembers = [
    ['resource', resource],
    ...(uuid === null ? [] : [['uuid', uuid] as const]),
    ['document', document],
  ];
  return `${jsonText(
    new Map<string, JsonValue>([
      ...(ofRecord ?? (change === undefined ? ofDocument : ([['change', changeValue(change)]] as const))),
      ...(row === undefined ? inFile(file, line) : ofRow(row)),
      ['problems', told],
    ]),
  )}\n`;
}

const inFile = (file: string, line: number): RejectMembers => [
  ['file', file],
  ['line', new JsonNumber(String(line))],
];

const ofRow = ({ table, key }: RowPlace): RejectMembers => [
  ['table', table],
  ['key', new Map(Object.entries(key))],
];

/**
 * Removes a file that an earlier run has left; a mount point, which cannot be removed, is emptied. Anything but a plain
 * file, such as a pipe, stays.
 */
async function removeEarlier(file: string): Promise<void> {
  if (fileIdentity(file) === undefined || !(await lstat(file)).isFile()) return;
  if (isMountPoint(file)) return truncate(file);
  await rm(file).catch((error: unknown) => {
    if (!isOfMount(error)) throw error;
    return truncate(file);
  });
}

/** A cause for which some documents were rejected. */
interface RejectCause {
  readonly documents: number;
  readonly code: string;
  readonly text: string;
}

export interface RejectSummary {
  /** The causes, those with most documents first. */
  readonly causes: readonly RejectCause[];
  /** The number of documents whose causes are not listed. */
  readonly others: number;
}

/** A rejected document that another document may refer to. */
interface RejectedRecord {
  readonly label: string;
  readonly origin: string;
  /** The keys by which references find it. */
  readonly keys: readonly string[];
  /** The targets that it refers to and that do not exist. */
  readonly names: readonly string[];
}

interface Cause {
  documents: number;
  readonly code: string;
  /** The missing target of the documents; null for other causes. */
  readonly target: { readonly key: string; readonly text: string } | null;
  readonly text: string;
}

/** The most causes, and the most rejected documents, to keep. */
const causeLimit = 10_000;
const documentLimit = 50_000;

/**
 * Counts rejected documents by cause, and finds documents that refer to each other (design 14a §1.2). Memory is bounded.
 */
export class RejectCauses {
  private readonly plans: DocumentPlans;
  private readonly labels: ReadonlySet<string>;
  private readonly causes = new Map<string, Cause>();
  private readonly documents = new Map<string, RejectedRecord>();
  private others = 0;

  constructor(plans: DocumentPlans) {
    this.plans = plans;
    this.labels = new Set(plans.labels);
  }

  add(reject: LoadReject): void {
    const { file, row, resource, diagnostics, document } = reject;
    const [first] = diagnostics;
    const targets = diagnostics.flatMap((diagnostic) => missingTarget(diagnostic) ?? []);
    if (resource !== null && this.documents.size < documentLimit) {
      const keys = this.keysOf(resource, document);
      const rejected = { label: resource, origin: originOf(reject), keys, names: targets.map(({ key }) => key) };
      for (const key of keys) if (!this.documents.has(key)) this.documents.set(key, rejected);
    }
    const target = missingTarget(first);
    const path = (first.where.path ?? '').replace(/\[\d+\]/g, '[*]');
    const text = [first.code, resource ?? row?.table ?? file, path].filter((part) => part !== '').join(' ');
    const key = target ? `target ${target.key}` : text;
    const known = this.causes.get(key);
    if (known) known.documents += 1;
    else if (this.causes.size < causeLimit) this.causes.set(key, { documents: 1, code: first.code, target, text });
    else this.others += 1;
  }

  /** The keys by which references would find a document. */
  private keysOf(label: string, document: JsonValue): readonly string[] {
    if (!isJsonObject(document)) return [];
    if (!this.labels.has(label)) {
      const namespace = document.get('namespace');
      const codeValue = document.get('codeValue');
      if (typeof namespace !== 'string' || typeof codeValue !== 'string') return [];
      return [keyOf(label, [{ path: '$.descriptor', value: descriptorUri({ namespace, codeValue }) }])];
    }
    const { identity, superclassIdentity } = this.plans.of(labelledResource(label));
    const values = new Map<string, string>();
    for (const { column, identityJsonPath } of identity.identityElements) {
      const value = textAt(document, identityJsonPath);
      if (value === undefined) return [];
      values.set(column, value);
    }
    return [identity, ...(superclassIdentity ? [superclassIdentity] : [])].map((block) =>
      keyOf(
        resourceLabel(block),
        block.identityElements.map(({ column, identityJsonPath: { canonical } }) => ({
          path: canonical,
          value: mustExist(values.get(column), `the value of ${column}`),
        })),
      ),
    );
  }

  /** Documents that refer to themselves, and pairs of documents that refer to each other. */
  private circles(): RejectCause[] {
    const found: RejectCause[] = [];
    const told = new Set<RejectedRecord>();
    const placed = ({ label, origin }: RejectedRecord) => `${label} (${origin})`;
    for (const one of this.documents.values()) {
      if (told.has(one)) continue;
      for (const name of one.names) {
        const other = this.documents.get(name);
        if (!other || told.has(other) || !other.names.some((each) => one.keys.includes(each))) continue;
        const who =
          one === other ? `${placed(one)} names itself` : `${placed(one)} and ${placed(other)} name each other`;
        const text = `${who}: load ${one === other ? 'it' : 'one'} without the reference, then replace it`;
        found.push({ documents: one === other ? 1 : 2, code: 'DOCUMENT_REFERENCE_UNRESOLVED', text });
        for (const each of [one, other]) told.add(each);
        this.uncount(one);
        if (other !== one) this.uncount(other);
        break;
      }
    }
    return found;
  }

  /** Removes a document in a circle from its first cause: circles have causes of their own. */
  private uncount({ names: [first] }: RejectedRecord): void {
    const cause = this.causes.get(`target ${first}`);
    if (cause) cause.documents -= 1;
  }

  private causeText({ target, text }: Cause): string {
    if (!target) return text;
    const rejected = this.documents.get(target.key);
    const where = rejected ? `which was rejected at ${rejected.origin}` : 'which is not there';
    return `name ${target.text}, ${where}`;
  }

  /** Summarizes once, at the end. */
  summary(): RejectSummary {
    const circles = this.circles();
    const causes = [...this.causes.values()]
      .filter(({ documents }) => documents > 0)
      .map((cause): RejectCause => ({ documents: cause.documents, code: cause.code, text: this.causeText(cause) }));
    const all = [...causes, ...circles].sort((a, b) => b.documents - a.documents);
    const rest = all.slice(mostExamples).reduce((sum, { documents }) => sum + documents, this.others);
    return { causes: all.slice(0, mostExamples), others: rest };
  }
}

type RejectedIdentity = readonly { readonly path: string; readonly value: string }[];

/** The missing target that a diagnostic is about. */
function missingTarget({ code, details: { target, identity } }: Diagnostic): Cause['target'] {
  if (code !== 'DOCUMENT_REFERENCE_UNRESOLVED' || typeof target !== 'string' || !Array.isArray(identity)) return null;
  const values = identity as unknown as RejectedIdentity;
  const text = `${target} with ${values.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`).join(', ')}`;
  return { key: keyOf(target, values), text };
}

const keyOf = (label: string, identity: RejectedIdentity) =>
  `${label} ${[...identity]
    .sort(compareBy(({ path }) => path))
    .map(({ path, value }) => `${path}=${value.toLowerCase()}`)
    .join()}`;

/** The text of a value of an identity. */
function textAt(document: JsonValue, path: JsonPath): string | undefined {
  const value = valueAt(document, path);
  if (value instanceof JsonNumber) return value.lexeme;
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
}
