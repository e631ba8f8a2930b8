export { openPorts } from './ports/open-ports.ts';
