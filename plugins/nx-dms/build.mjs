// biome-ignore lint/correctness/noUndeclaredDependencies: a tool of the workspace
import { register } from 'tsx/esm/api';

register();
await import('./build.mts');
