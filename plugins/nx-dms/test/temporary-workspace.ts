import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with the given files, removed after the test. Objects are written as JSON. */
export function temporaryWorkspace(files: Readonly<Record<string, unknown>> = {}): string {
  // The real path, because tests search for it in messages.
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nx-dms-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFiles(root, files);
  return root;
}

/** Writes files into a folder, and creates the folders for them. Objects are written as JSON. */
export function writeFiles(root: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A well-formed ApiSchema document without resources. */
export function emptySchema(projectName: string, isExtensionProject = false): unknown {
  return {
    apiSchemaVersion: '1.0.0',
    projectSchema: {
      projectName,
      projectEndpointName: projectName.toLowerCase(),
      projectVersion: '1.0.0',
      isExtensionProject,
      resourceSchemas: {},
      abstractResources: {},
    },
  };
}
