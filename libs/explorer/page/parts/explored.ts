import type { SqlDialect } from '@dms/sql';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { withOptions } from '../address.ts';
import type { Embedded, ExploredDialect } from '../embedded-data.ts';

/** The context of every view: the set in the chosen dialect. */
export interface Explored extends ExploredDialect {
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
