import type { Finding } from './finding.ts';

/** A function of a script: the role that makes it, what is stated before its body, and the body. */
const functions =
  /(?:pg_catalog\.set_config\('role', '((?:[^']|'')+)', true\);\n)?CREATE OR REPLACE FUNCTION (\S+?)\([^\n]*\)\n((?:[^\n]+\n)*?)AS \$func\$\n([\s\S]*?)\$func\$;/g;

/** The rights to write a table that a script gives to a role. */
const writingRights = /^GRANT [^\n]*\b(?:INSERT|UPDATE|DELETE)\b[^\n]* ON TABLE ([^\n]+) TO [^\n]+;$/gm;

/**
 * S17: a function that a role owns runs with the rights of this role and resolves no name in a schema of its caller; no other function
 * writes what only a role may write. Behaviour checks cannot see this: the role that runs them has all rights (design 16 §2.6).
 */
export function functionRights(script: string): Finding[] {
  const guarded = [...script.matchAll(writingRights)].map(([, table = '']) => table);
  return [...script.matchAll(functions)].flatMap(([, owner, name, head = '', body = '']): Finding[] => {
    if (owner !== undefined)
      return ['SECURITY DEFINER', 'SET search_path = pg_catalog']
        .filter((line) => !head.split('\n').includes(line))
        .map((line) => ({ id: 'S17', text: `the function ${name} of the role ${owner} is not ${line}` }));
    return guarded
      .filter((table) => ['INSERT INTO', 'UPDATE', 'DELETE FROM'].some((words) => body.includes(`${words} ${table} `)))
      .map((table) => ({ id: 'S17', text: `the function ${name} writes ${table}, and no role owns it` }));
  });
}
