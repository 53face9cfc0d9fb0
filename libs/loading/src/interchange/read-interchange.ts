import { resourceLabel } from '@dms/api-schema';
import { type Diagnostic, diagnostic, fail, meantNames, nearNames } from '@dms/diagnostics';
import type { JsonObject } from '@dms/files';
import type { QualifiedResourceName, RelationalModelSet } from '@dms/model';
import { descriptorFields } from './mapping/descriptor-fields.ts';
import { ElementScopes, mapDocument } from './mapping/map-document.ts';
import { ModelTrees } from './mapping/model-trees.ts';
import { IdentitiesById } from './references/identities-by-id.ts';
import { decodedText } from './xml/decode-text.ts';
import { type ElementLimits, type ReadElement, readElements } from './xml/read-elements.ts';
import { pathOf, type XmlElement } from './xml/xml-element.ts';

/** A file. It is read twice if references in it name ids. */
export interface InterchangeFile {
  /** The name for messages. */
  readonly file: string;
  /** Opens the bytes, from the beginning. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** What an element below the root of an interchange becomes. */
export type InterchangeRecord = { readonly line: number } & (
  | { readonly kind: 'document'; readonly resource: string; readonly document: JsonObject }
  /** `name` is the name of the element. The reader does not check that the model has such a descriptor. */
  | { readonly kind: 'descriptor'; readonly name: string; readonly document: JsonObject }
  /** `resource` is null if the model has none of that name. */
  | {
      readonly kind: 'rejected';
      readonly resource: string | null;
      readonly problems: readonly [Diagnostic, ...Diagnostic[]];
    }
);

export interface InterchangeOptions extends ElementLimits {
  /** Leaves out elements without a property, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
  /** Most ids in a file whose references name ids; a million by default. */
  readonly idLimit?: number | undefined;
}

/** Reads interchanges of one model. */
export interface InterchangeReader {
  /**
   * Reads the documents and descriptors of a file as a stream, in the order of the file. A problem with one of them
   * does not affect the others. Throws `INTERCHANGE_MALFORMED`, `SEED_XML_DTD`, `INPUT_UNICODE_INVALID`,
   * `INTERCHANGE_TOO_MANY_IDS`, and `DOCUMENT_TOO_LARGE` for a single tag, text or comment beyond the limit.
   */
  read(source: InterchangeFile, options?: InterchangeOptions): AsyncGenerator<InterchangeRecord>;
}

const referenceEnding = 'Reference';

/** Most names for which a warning says that they are not fields of a descriptor. */
const ignoredNames = 100;

/** The concrete resources by name. If two projects use a name, the core wins. */
function resourcesByName({ resources, projects }: RelationalModelSet): ReadonlyMap<string, QualifiedResourceName> {
  const extensions = new Set(projects.flatMap((project) => (project.isExtensionProject ? [project.projectName] : [])));
  const found = new Map<string, QualifiedResourceName>();
  for (const { resourceKey, storageKind } of resources) {
    const { projectName, resourceName } = resourceKey;
    const known = found.get(resourceName);
    if (
      storageKind === 'RelationalTables' &&
      (!known || (extensions.has(known.projectName) && !extensions.has(projectName)))
    )
      found.set(resourceName, { projectName, resourceName });
  }
  return found;
}

/** Whether the file has an attribute `ref`. */
async function namesIds({ file, open }: InterchangeFile): Promise<boolean> {
  let before = '';
  for await (const text of decodedText(open(), file)) {
    if (/\sref\s*=/.test(before + text)) return true;
    before = (before + text).slice(-16);
  }
  return false;
}

class Reading {
  private readonly source: InterchangeFile;
  private readonly options: InterchangeOptions;
  private readonly scopes: ElementScopes;
  private readonly resources: ReadonlyMap<string, QualifiedResourceName>;
  private readonly ids: IdentitiesById;
  private readonly ignoredFields = new Set<string>();

  constructor(
    scopes: ElementScopes,
    resources: ReadonlyMap<string, QualifiedResourceName>,
    source: InterchangeFile,
    options: InterchangeOptions,
  ) {
    this.source = source;
    this.options = options;
    this.scopes = scopes;
    this.resources = resources;
    this.ids = new IdentitiesById(scopes, source.file, options.idLimit);
  }

  async *records(): AsyncGenerator<InterchangeRecord> {
    if (await namesIds(this.source)) for await (const read of this.elements()) this.index(read);
    for await (const read of this.elements()) {
      const record = read.kind === 'element' ? this.record(read.element) : this.tooLarge(read);
      if (record) yield record;
    }
  }

  private elements(): AsyncGenerator<ReadElement> {
    const { file, open } = this.source;
    const { lengthLimit, depthLimit } = this.options;
    const onRoot = (name: string, line: number) => {
      if (name.startsWith('Interchange')) return;
      fail(
        'INTERCHANGE_MALFORMED',
        `The root element is <${name.slice(0, 80)}>; that of an interchange is <Interchange…>.`,
        {
          file,
          line,
        },
      );
    };
    return readElements(open(), file, { malformed: 'INTERCHANGE_MALFORMED', onRoot, lengthLimit, depthLimit });
  }

  /** Keeps the identity of an element with an id. It is a document, or a reference outside of documents. */
  private index(read: ReadElement): void {
    if (read.kind !== 'element' || read.element.id === null) return;
    const { element } = read;
    const { id, name } = element;
    const own = this.resources.get(name);
    if (own && id !== null) this.ids.add(id, own, element);
    const target = name.endsWith(referenceEnding)
      ? this.resources.get(name.slice(0, -referenceEnding.length))
      : undefined;
    const identity = target && element.children.find((child) => child.name === `${target.resourceName}Identity`);
    if (target && identity && id !== null) this.ids.add(id, target, identity);
  }

  private record(element: XmlElement): InterchangeRecord | null {
    const { name, line } = element;
    const resource = this.resources.get(name);
    if (!resource) {
      if (name.endsWith('Descriptor')) return this.descriptor(element);
      // only a target for references by id
      if (name.endsWith(referenceEnding) && this.resources.has(name.slice(0, -referenceEnding.length))) return null;
      return this.unknownResource(element);
    }
    const { ignoreUnknown = false, onWarning } = this.options;
    const { file } = this.source;
    const label = resourceLabel(resource);
    const mapped = mapDocument(this.scopes, label, element, { file, findById: this.ids.find, ignoreUnknown });
    for (const warning of mapped.warnings) onWarning?.(warning);
    const [first, ...others] = mapped.problems;
    if (first) return { kind: 'rejected', resource: label, line, problems: [first, ...others] };
    return { kind: 'document', resource: label, line, document: mapped.document };
  }

  private unknownResource(element: XmlElement): InterchangeRecord {
    const { name, line, column } = element;
    const near = nearNames(name, this.resources.keys()).slice(0, 3);
    const path = pathOf(element);
    const text = `${path}: the model has no resource ${name}${meantNames(near)}`;
    const problem = diagnostic(
      'DOCUMENT_RESOURCE_UNKNOWN',
      text,
      { file: this.source.file, line, column, path },
      { name, near },
    );
    return { kind: 'rejected', resource: null, line, problems: [problem] };
  }

  private tooLarge({ name, problem }: Extract<ReadElement, { readonly kind: 'too-large' }>): InterchangeRecord {
    const resource = this.resources.get(name);
    return {
      kind: 'rejected',
      resource: resource ? resourceLabel(resource) : null,
      line: problem.where.line ?? 1,
      problems: [problem],
    };
  }

  private descriptor(element: XmlElement): InterchangeRecord {
    const { name, line } = element;
    const { file } = this.source;
    const { fields, repeated, others } = descriptorFields(element);
    for (const other of others) {
      if (this.ignoredFields.has(other.name) || this.ignoredFields.size >= ignoredNames) continue;
      this.ignoredFields.add(other.name);
      const message = `<${other.name}> is not a field of a descriptor. It is ignored.`;
      this.options.onWarning?.(
        diagnostic('SEED_FIELD_IGNORED', message, { file, line: other.line }, { name: other.name }),
      );
    }
    const [first, ...rest] = repeated.map((again) => {
      const path = pathOf(again);
      const where = { file, line: again.line, column: again.column, path };
      return diagnostic(
        'INTERCHANGE_VALUE_INVALID',
        `${path}: the field has one value, and this is a second one.`,
        where,
      );
    });
    if (first) return { kind: 'rejected', resource: name, line, problems: [first, ...rest] };
    return { kind: 'descriptor', name, line, document: fields };
  }
}

/** Creates a reader of interchange XML for the resources of a model (design 14 §7). It can read any number of files. */
export function interchangeReader(model: RelationalModelSet): InterchangeReader {
  const scopes = new ElementScopes(new ModelTrees(model));
  const resources = resourcesByName(model);
  return { read: (source, options = {}) => new Reading(scopes, resources, source, options).records() };
}
