import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  'connection/connection.spec.ts',
  'connection/failure-kind.spec.ts',
  'gate/gate.spec.ts',
  'provisioning/generations.spec.ts',
  'provisioning/provision.spec.ts',
]);
