import { localPorts } from '../../src/ports/local-ports.ts';
import { describePorts } from './describe-ports.ts';

describePorts(
  'ports in one process',
  (settings) => {
    const ports = localPorts(settings);
    return Promise.resolve({ connect: () => Promise.resolve(ports) });
  },
  { runs: 100 },
);
