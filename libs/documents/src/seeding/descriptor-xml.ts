import { TextDecoder } from 'node:util';
import { inputError } from '@dms/canonical-json';
import { type Diagnostic, diagnostic, fail } from '@dms/diagnostics';
import { SaxesParser } from 'saxes';
import { openFile } from '../files/text-records.ts';
import { type DescriptorField, descriptorFields, type RawDescriptor } from './descriptor-entry.ts';

/** Longer texts break every limit anyway. */
const textLimit = 10_000;

const localName = (name: string) => name.slice(name.indexOf(':') + 1);
const fieldOf = new Map<string, DescriptorField>(
  descriptorFields.map((field) => [`${field.charAt(0).toUpperCase()}${field.slice(1)}`, field]),
);

/** What the first bytes say of the encoding of an XML file; UTF-8 where they say nothing. */
function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const declared = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/.exec(
    start.subarray(0, 200).toString('latin1'),
  );
  return declared?.[1]?.toLowerCase() ?? 'utf-8';
}

function decoderOf(start: Buffer, file: string): TextDecoder {
  const encoding = encodingOf(start);
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return fail('INPUT_UNICODE_INVALID', `${file} is encoded as ${encoding}, which cannot be read; save it as UTF-8.`, {
      file,
    });
  }
}

/** What an XML file is told about. */
export interface XmlOptions {
  /** An interchange of something else is skipped with a note, in place of failing. */
  readonly skipsOthers: boolean;
  readonly onDiagnostic: (entry: Diagnostic) => void;
}

/** A file that is skipped. */
class OtherInterchange extends Error {}

/** Collects the descriptors of what the parser reads. */
class InterchangeReader {
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly file: string;
  private readonly options: XmlOptions;
  private readonly ignored = new Set<string>();
  private depth = 0;
  private current: {
    readonly name: string;
    readonly line: number;
    readonly fields: Partial<Record<DescriptorField, string>>;
  } | null = null;
  private field: DescriptorField | null = null;
  /** Descriptors that are read and not taken. */
  private found: RawDescriptor[] = [];

  constructor(file: string, options: XmlOptions) {
    this.file = file;
    this.options = options;
    const { parser } = this;
    // before anything of it is read: no definition, no entity of it
    parser.on('doctype', () =>
      this.refuse(
        'SEED_XML_DTD',
        'has a document type definition, which is not read: entities could stand for anything. Remove it',
      ),
    );
    parser.on('error', (error) =>
      this.refuse('SEED_NOT_DESCRIPTORS', `is no well-formed XML: ${error.message.replace(/^(?:\S*:)?\d+:\d+:\s*/, '')}`),
    );
    parser.on('opentag', ({ name }) => this.open(localName(name)));
    parser.on('closetag', () => this.close());
    parser.on('text', (text) => this.add(text));
    parser.on('cdata', (text) => this.add(text));
  }

  write(text: string): RawDescriptor[] {
    this.parser.write(text);
    return this.take();
  }

  end(): RawDescriptor[] {
    this.parser.close();
    return this.take();
  }

  private take(): RawDescriptor[] {
    const taken = this.found;
    this.found = [];
    return taken;
  }

  private refuse(code: 'SEED_XML_DTD' | 'SEED_NOT_DESCRIPTORS', text: string): never {
    const { line } = this.parser;
    return fail(code, `The file ${text}.`, { file: this.file, line });
  }

  private open(name: string): void {
    this.depth += 1;
    if (this.depth === 1) this.checkRoot(name);
    else if (this.depth === 2) this.current = { name, line: this.parser.line, fields: {} };
    else if (this.depth === 3) {
      this.field = fieldOf.get(name) ?? null;
      if (!this.field) this.ignore(name);
      else if (this.current?.fields[this.field] === undefined) this.add('');
      else this.refuse('SEED_NOT_DESCRIPTORS', `has <${name}> twice in one descriptor`);
    }
  }

  private checkRoot(name: string): void {
    if (name === 'InterchangeDescriptors' || name === 'InterchangeDescriptor') return;
    if (this.options.skipsOthers && name.startsWith('Interchange')) throw new OtherInterchange(name);
    this.refuse('SEED_NOT_DESCRIPTORS', `is <${name.slice(0, 80)}>, not <InterchangeDescriptors>`);
  }

  private ignore(name: string): void {
    if (this.ignored.has(name)) return;
    this.ignored.add(name);
    const text = `<${name}> is no field of a descriptor and is ignored.`;
    const { line } = this.parser;
    this.options.onDiagnostic(diagnostic('SEED_FIELD_IGNORED', text, { file: this.file, line }, { name }));
  }

  private close(): void {
    if (this.depth === 3) this.field = null;
    if (this.depth === 2 && this.current) {
      const { name, line, fields } = this.current;
      this.found.push({ projectName: null, resourceName: name, fields, file: this.file, line });
      this.current = null;
    }
    this.depth -= 1;
  }

  /** Text of the field itself, not of elements inside. */
  private add(text: string): void {
    const { current, field } = this;
    if (!current || !field || this.depth !== 3) return;
    const before = current.fields[field] ?? '';
    if (before.length < textLimit) current.fields[field] = before + text;
  }
}

/**
 * The descriptors of an interchange file (design 09 §8.1), read as a stream: memory does not grow with the file. Namespaces and
 * prefixes do not matter. Throws `SEED_NOT_DESCRIPTORS`, `SEED_XML_DTD`, `INPUT_FILE_*`, `INPUT_UNICODE_INVALID`.
 */
export async function* readDescriptorXml(file: string, options: XmlOptions): AsyncGenerator<RawDescriptor> {
  const reader = new InterchangeReader(file, options);
  let decoder: TextDecoder | undefined;
  const decoded = (bytes?: Buffer): string => {
    if (bytes) decoder ??= decoderOf(bytes, file);
    try {
      return bytes ? (decoder?.decode(bytes, { stream: true }) ?? '') : (decoder?.decode() ?? '');
    } catch {
      return fail('INPUT_UNICODE_INVALID', `${file} is not what its encoding says (${decoder?.encoding}).`, { file });
    }
  };
  try {
    for await (const bytes of openFile(file)) yield* reader.write(decoded(bytes as Buffer));
    yield* reader.write(decoded());
    yield* reader.end();
  } catch (error) {
    if (!(error instanceof OtherInterchange)) throw inputError(error, file);
    const text = `${file} is <${error.message.slice(0, 80)}> and holds no descriptors; it is skipped.`;
    options.onDiagnostic(diagnostic('SEED_FILE_SKIPPED', text, { file }, { root: error.message }));
  }
}
