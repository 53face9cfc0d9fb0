import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { LayoutEngine } from '../src/diagram/graph-layout.ts';
import { lookUp, type ModelLookup } from '../src/model-lookup.ts';
import {
  type Definitions,
  definitionsIn,
  type PageData,
  type PageDefinitions,
  restoreSets,
  type SharedTexts,
} from '../src/page-data.ts';
import { type SetChanges, setChanges } from '../src/set-changes.ts';
import { withOptions } from './address.ts';

async function unpack(id: string): Promise<string> {
  const base64 = mustExist(document.getElementById(id), `the element ${id}`).textContent;
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  // a callback for each character is several times slower
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).text();
}

/** One dialect of the embedded set. */
interface EmbeddedSet {
  readonly lookup: ModelLookup;
  /** Null if the page has nothing to compare with. */
  readonly changes: SetChanges | null;
  /** The position of the dialect in the texts. */
  readonly position: number;
}

/** The data in the document; a dialect is prepared when it is first shown. */
export interface Embedded {
  readonly dialects: readonly SqlDialect[];
  readonly definitions: Definitions;
  dialect(name: SqlDialect): EmbeddedSet;
}

/** The names of the dialects' products where there is little room. */
export const shortDialectNames: Readonly<Record<SqlDialect, string>> = { pgsql: 'PG', mssql: 'MS' };

export async function readEmbedded(): Promise<Embedded> {
  const [model, definitions] = await Promise.all([unpack('model'), unpack('definitions')]);
  const data = JSON.parse(model) as PageData;
  const makers = restoreSets(data);
  // there are two dialects: if one is missing, the other is the first
  const names: SqlDialect[] = makers.length === 2 ? ['pgsql', 'mssql'] : [data.first.dialect];
  const ready = new Map<SqlDialect, EmbeddedSet>();
  return {
    dialects: names,
    definitions: definitionsIn(JSON.parse(definitions) as PageDefinitions),
    dialect(name) {
      const known = ready.get(name);
      if (known) return known;
      const position = Math.max(0, names.indexOf(name));
      const set = (makers[position] ?? makers[0])();
      const lookup = lookUp(set);
      const made = { lookup, changes: set.impact ? setChanges(set.impact, lookup) : null, position };
      ready.set(name, made);
      return made;
    },
  };
}

export type ObjectTexts = NonNullable<SharedTexts['texts'][number]>;

let texts: Promise<ReadonlyMap<string, SharedTexts>> | null = null;

/** The SQL of a table or view, by its names before shortening; unpacked at the first request. */
export async function readTexts(schema: string, name: string, position: number): Promise<ObjectTexts | null> {
  texts ??= unpack('texts').then((text) => {
    const all = JSON.parse(text) as SharedTexts[];
    return new Map(all.map((entry) => [`${entry.schema}\n${entry.name}`, entry]));
  });
  return (await texts).get(`${schema}\n${name}`)?.texts[position] ?? null;
}

interface ElkWindow {
  ELK?: new () => LayoutEngine;
}

let engine: Promise<LayoutEngine> | null = null;

/**
 * The layout library, started when the first diagram is drawn. The policy of the document knows the hash of its text.
 */
export function layoutEngine() {
  engine ??= unpack('layout').then((text) => {
    const script = document.createElement('script');
    script.textContent = text;
    document.head.append(script);
    const Engine = (globalThis as ElkWindow).ELK;
    if (!Engine) throw new Error('The layout library did not start.');
    return new Engine();
  });
  return engine;
}

/** The context of every view: the set in the chosen dialect. */
export interface Explored extends EmbeddedSet {
  readonly embedded: Embedded;
  readonly dialect: SqlDialect;
}

export const ExploredContext = createContext<Explored | null>(null);

export function useExplored(): Explored {
  const explored = useContext(ExploredContext);
  if (!explored) throw new Error('There is no set around this part.');
  return explored;
}

/** The definitions of a resource and of its paths. */
export function useDefinitions(label: string): ReadonlyMap<string, string> {
  return useExplored().embedded.definitions.get(label) ?? none;
}

const none: ReadonlyMap<string, string> = new Map();

/** Adds the chosen dialect to an address, unless it is the first one. */
export function useHref(): (href: string) => string {
  const { embedded, dialect } = useExplored();
  const option = dialect === embedded.dialects[0] ? null : dialect;
  return (href) => `#${withOptions(href, { dialect: option })}`;
}
