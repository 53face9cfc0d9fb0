import type { Finding } from './finding.ts';
import type { ScriptFunction } from './script-functions.ts';

/** The rights to write a table that a script gives to a role. */
const writingRights = /^GRANT [^\n]*\b(?:INSERT|UPDATE|DELETE)\b[^\n]* ON TABLE ([^\n]+) TO [^\n]+;$/gm;

/**
 * S17: a function that a role owns runs with the rights of this role and resolves no name in a schema of its caller; no
 * other function writes what only a role may write. Behaviour checks cannot see this: the role that runs them has all
 * rights (design 16 §2.6).
 */
export function functionRights(script: string, functions: readonly ScriptFunction[]): Finding[] {
  const guarded = [...script.matchAll(writingRights)].map(([, table = '']) => table);
  return functions.flatMap(({ owner, name, head, body }): Finding[] => {
    if (owner !== undefined)
      return ['SECURITY DEFINER', 'SET search_path = pg_catalog']
        .filter((line) => !head.includes(line))
        .map((line) => ({ id: 'S17', text: `the function ${name} of the role ${owner} is not ${line}` }));
    return guarded
      .filter((table) => ['INSERT INTO', 'UPDATE', 'DELETE FROM'].some((words) => body.includes(`${words} ${table} `)))
      .map((table) => ({ id: 'S17', text: `the function ${name} writes ${table}, and no role owns it` }));
  });
}
