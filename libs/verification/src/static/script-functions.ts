/** A function of a PostgreSQL script. */
export interface ScriptFunction {
  /** The role that makes it; undefined without one. */
  readonly owner: string | undefined;
  /** With its schema, quoted. */
  readonly name: string;
  /** What is stated between its arguments and its body, line by line. */
  readonly head: readonly string[];
  readonly body: string;
}

/**
 * A body may stand between any dollar tags: a script takes others where a name contains the usual ones (design 06
 * §3.1).
 */
const pattern =
  /(?:pg_catalog\.set_config\('role', '((?:[^']|'')+)', true\);\n)?CREATE OR REPLACE FUNCTION ((?:"(?:[^"]|"")*"\.)?"(?:[^"]|"")*")\([^\n]*\)\n((?:[^\n]+\n)*?)AS (\$\w*\$)\n([\s\S]*?)\4;/g;

/** The functions of a script as the product writes it, in its order. */
export function scriptFunctions(script: string): ScriptFunction[] {
  return [...script.matchAll(pattern)].map(([, owner, name = '', head = '', , body = '']) => {
    return { owner, name, head: head.split('\n'), body };
  });
}
