import { TextDecoder } from 'node:util';
import { counted, type Diagnostic, type DiagnosticCode, diagnostic, fail } from '@dms/diagnostics';
import { nestingLimit } from '@dms/values';
import { SaxesParser } from 'saxes';

/** An XML element with everything inside it. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** Null for the root element. */
  readonly parent: XmlElement | null;
  /** For an element below the root, its number among those of its name, from 1. For all others 0. */
  readonly number: number;
  /** The `id` attribute, which references in the same file can name. */
  readonly id: string | null;
  /** The `ref` attribute: the id of another element. */
  readonly ref: string | null;
  readonly children: readonly XmlElement[];
  /** The text directly inside the element. */
  readonly text: string;
}

/**
 * Reads the elements below the root of an XML file, one after another. Memory does not grow with the file. Prefixes and
 * namespaces are ignored. The only entities are the predefined ones. Throws the code in `malformed`, `SEED_XML_DTD`,
 * `INPUT_UNICODE_INVALID`, and `DOCUMENT_TOO_LARGE` for a single tag, text or comment beyond the limit.
 */
export async function* readElements(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  options: ElementOptions,
): AsyncGenerator<ReadElement> {
  const collector = new ElementCollector(file, options);
  for await (const text of decodedText(bytes, file)) yield* collector.write(text);
  yield* collector.close();
}

const defaultLengthLimit = 4 * 1024 * 1024;

interface ElementDraft extends XmlElement {
  readonly children: ElementDraft[];
  text: string;
}

/** Most names whose elements are numbered; a file with more is not an interchange. */
const numberedNames = 10_000;

/** The only attributes that have a meaning here. */
const keptAttributes: ReadonlySet<string> = new Set(['id', 'ref']);

/** Builds elements from the events of the parser. */
class ElementCollector {
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly file: string;
  private readonly options: ElementOptions;
  private readonly lengthLimit: number;
  private readonly depthLimit: number;
  private readonly counts = new Map<string, number>();
  private found: ReadElement[] = [];
  private root: ElementDraft | null = null;
  /** The innermost open element. */
  private open: ElementDraft | null = null;
  /** The number of open elements, including those that are not kept because an element is too large. */
  private depth = 0;
  /** Position in the text at which the open element below the root begins. */
  private start = 0;
  private isTooLarge = false;
  /** Characters since the last event of the parser: it buffers them. */
  private buffered = 0;
  private tag = { line: 1, column: 1 };

  constructor(file: string, options: ElementOptions) {
    this.file = file;
    this.options = options;
    this.lengthLimit = options.lengthLimit ?? defaultLengthLimit;
    this.depthLimit = options.depthLimit ?? nestingLimit;
    const { parser } = this;
    const counted = <Arguments extends readonly unknown[]>(handle: (...args: Arguments) => void) => {
      return (...args: Arguments) => {
        this.buffered = 0;
        handle(...args);
      };
    };
    // stops before the parser reads any definition
    parser.on('doctype', () => {
      const text =
        'The file has a document type definition. It is never read, because entities could stand for anything. Remove it.';
      this.refuse('SEED_XML_DTD', text);
    });
    parser.on('error', (error) => {
      const cause = error.message.replace(/^(?:\S*:)?\d+:\d+:\s*/, '');
      this.refuse(options.malformed, `The file is not well-formed XML: ${cause.slice(0, 200).replace(/\.$/, '')}.`);
    });
    parser.on(
      'opentagstart',
      counted(({ name }) => {
        // the parser has read the character after the name
        const isLineEnd = parser.column === 0;
        this.tag = {
          line: isLineEnd ? parser.line - 1 : parser.line,
          column: isLineEnd ? 1 : parser.column - name.length - 1,
        };
      }),
    );
    parser.on(
      'opentag',
      counted(({ name, attributes }) => this.begin(localName(name), attributes)),
    );
    parser.on(
      'closetag',
      counted(() => this.end()),
    );
    parser.on(
      'text',
      counted((text) => this.add(text)),
    );
    parser.on(
      'cdata',
      counted((text) => this.add(text)),
    );
    for (const other of ['comment', 'processinginstruction'] as const)
      parser.on(
        other,
        counted(() => undefined),
      );
  }

  write(text: string): ReadElement[] {
    this.buffered += text.length;
    this.parser.write(text);
    if (this.buffered > this.lengthLimit)
      this.refuse(
        'DOCUMENT_TOO_LARGE',
        `The file has a tag, a text or a comment of more than ${counted(this.lengthLimit, 'character')}.`,
      );
    // the open element can be too large before it ends
    if (this.depth > 1 && this.parser.position - this.start > this.lengthLimit) this.drop();
    return this.take();
  }

  close(): ReadElement[] {
    this.parser.close();
    return this.take();
  }

  private take(): ReadElement[] {
    const taken = this.found;
    this.found = [];
    return taken;
  }

  private refuse(code: DiagnosticCode, text: string): never {
    const { line, column } = this.parser;
    return fail(code, text, { file: this.file, line, column });
  }

  private begin(name: string, attributes: Readonly<Record<string, string>>): void {
    this.depth += 1;
    if (this.depth === 1) {
      this.options.onRoot(name, this.tag.line);
      this.root = this.draft(name, null, 0, {});
      return;
    }
    if (this.depth === 2) {
      const number = (this.counts.get(name) ?? 0) + 1;
      if (number > 1 || this.counts.size < numberedNames) this.counts.set(name, number);
      this.isTooLarge = false;
      this.start = this.parser.position;
      this.open = this.draft(name, this.root, number, attributes);
      return;
    }
    if (this.isTooLarge || !this.open) return;
    if (this.depth > this.depthLimit) {
      this.drop();
      return;
    }
    const child = this.draft(name, this.open, 0, attributes);
    this.open.children.push(child);
    this.open = child;
  }

  private draft(
    name: string,
    parent: ElementDraft | null,
    number: number,
    attributes: Readonly<Record<string, string>>,
  ): ElementDraft {
    const kept = new Map(Object.entries(attributes).filter(([each]) => keptAttributes.has(each)));
    const { line, column } = this.tag;
    return {
      name,
      line,
      column,
      parent,
      number,
      id: kept.get('id') ?? null,
      ref: kept.get('ref') ?? null,
      children: [],
      text: '',
    };
  }

  private end(): void {
    this.depth -= 1;
    if (this.depth === 0 || this.isTooLarge || !this.open) return;
    if (this.depth > 1) {
      this.open = this.open.parent as ElementDraft | null;
      return;
    }
    if (this.parser.position - this.start > this.lengthLimit) this.drop();
    else this.found.push({ kind: 'element', element: this.open });
    this.open = null;
  }

  /** Reports the open element below the root as too large and forgets it. */
  private drop(): void {
    let element = this.open;
    if (this.isTooLarge || !element) return;
    while (element.parent?.parent) element = element.parent as ElementDraft;
    this.isTooLarge = true;
    this.open = null;
    const { name, line, column } = element;
    const limits = { length: this.lengthLimit, depth: this.depthLimit };
    const text = `<${name}> has more than ${counted(limits.length, 'character')} or more than ${counted(limits.depth, 'level')} of elements.`;
    const entry = diagnostic('DOCUMENT_TOO_LARGE', text, { file: this.file, line, column }, limits);
    this.found.push({ kind: 'too-large', name, diagnostic: entry });
  }

  private add(text: string): void {
    if (this.open) this.open.text += text;
  }
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

/** `/InterchangeStudent/Student[3]/Name/FirstName`. Elements below the root have a number, as have repeated ones. */
export function pathOf(element: XmlElement): string {
  const { name, parent } = element;
  if (!parent) return `/${name}`;
  const alike = parent.children.filter((each) => each.name === name);
  const number = parent.parent === null ? element.number : alike.length > 1 ? alike.indexOf(element) + 1 : 0;
  return `${pathOf(parent)}/${number > 0 ? `${name}[${number}]` : name}`;
}

/** Removes the white space of XML from both ends. */
export const trimmed = (text: string) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

/** Whether an element has no content: no text and no `ref`, neither directly nor in the elements inside it. */
export const isEmpty = ({ text, children, ref }: XmlElement): boolean =>
  ref === null && children.every(isEmpty) && trimmed(text) === '';

/** Limits on what is kept in memory. */
export interface ElementLimits {
  /** Most characters of an element below the root, with its markup; 4 Mi by default. */
  readonly lengthLimit?: number | undefined;
  /** Most levels of elements; `nestingLimit` of files by default. */
  readonly depthLimit?: number | undefined;
}

interface ElementOptions extends ElementLimits {
  /** The code for a file that is not well-formed XML. */
  readonly malformed: DiagnosticCode;
  /** Called with the name of the root element before anything inside it is read. Can throw to refuse the file. */
  readonly onRoot: (name: string, line: number) => void;
}

/** An element below the root, or the diagnostic that it exceeds a limit. */
export type ReadElement =
  | { readonly kind: 'element'; readonly element: XmlElement }
  | { readonly kind: 'too-large'; readonly name: string; readonly diagnostic: Diagnostic };

/** Decodes an XML file piece by piece, in the encoding that it declares. */
export async function* decodedText(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  const decode = (piece?: Uint8Array): string => {
    if (piece) decoder ??= createDecoder(piece, file);
    try {
      return (piece ? decoder?.decode(piece, { stream: true }) : decoder?.decode()) ?? '';
    } catch {
      return fail(
        'INPUT_UNICODE_INVALID',
        `${file} has bytes that are not valid ${decoder?.encoding}, which is its encoding.`,
        { file },
      );
    }
  };
  for await (const piece of bytes) yield decode(piece);
  yield decode();
}

function createDecoder(start: Uint8Array, file: string): TextDecoder {
  const encoding = detectEncoding(start);
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return fail('INPUT_UNICODE_INVALID', `${file} is encoded as ${encoding}, which cannot be read; save it as UTF-8.`, {
      file,
    });
  }
}

/** Reads the encoding of an XML file from its first bytes. The default is UTF-8. */
function detectEncoding(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const declared = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/.exec(
    Buffer.from(start.subarray(0, 200)).toString('latin1'),
  );
  return declared?.[1]?.toLowerCase() ?? 'utf-8';
}
